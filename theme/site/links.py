"""Links and pictures in content: whether there is anything where they lead."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Final, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from boundaries.email_addresses import is_email
from theme.site.frontmatter import Document
from theme.site.markdown import parse_markdown
from theme.site.pictures import SHOWN

Finding: TypeAlias = tuple[str, bool]  # what is wrong, and what to write; whether it stops a build

IMAGES: Final = "images"
# Pages that every site has, and parts of the campaign page that a text may point to.
_BUILT: Final = ("/", "/phones/", "/for-offices/", "/campaigns.json")
_PARTS: Final = ("letter",)
_PELICAN: Final = re.compile(r"[{|](\w+)[|}](.*)", re.DOTALL)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST: Final = re.compile(
    r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|us|info|io|co|me|news|tv)(?:[/?#].*)?", re.I
)
_LOCAL: Final = re.compile(r"(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|10\.\S+|192\.168\.\S+|0\.0\.0\.0)(?::\d+)?", re.I)
_TRACKERS: Final = {  # sites that wrap a link to watch who follows it, and what they call the real one
    "www.google.com": "q", "google.com": "q", "l.facebook.com": "u", "lm.facebook.com": "u",
    "l.instagram.com": "u", "safelinks.protection.outlook.com": "url", "urldefense.com": "",
}  # fmt: skip
_QUOTES: Final = "\"'\u201c\u201d\u2018\u2019\u00ab"
_FILE_NAME: Final = re.compile(
    r"[\w -]*\.(?:jpe?g|png|gif|webp|avif|svg|heic)|(?:img|dsc|image|screenshot)[\W_\d]*", re.I
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a text leads: a link, or a picture in it."""

    address: str
    anchors: tuple[str, ...]  # the ids in the text
    line: int  # in the file, from 1
    column: int
    is_picture: bool = False
    alt: str | None = None  # what a picture shows; None if it does not say


@dataclass(frozen=True, slots=True)
class Places:
    """What a link may lead to."""

    content: Path
    urls: Collection[str]  # of pages, from the root of the site
    sources: Mapping[str, str]  # content files below `content` → their pages
    drafts: Collection[str] = ()  # `urls` that only testers shall know
    languages: Collection[str] = ()  # that the site has home pages in
    texts: Mapping[str, Sequence[str] | Path] = field(default_factory=dict)  # by URL: the lines of a page, or its file
    site_url: str = ""  # public; links to it are links to these pages
    linked: set[str] = field(default_factory=set)  # files below `content` that a checked page needs

    def check_link(self, link: str, url: str, anchors: Collection[str]) -> Iterator[Finding]:
        """url: of the page that has it. anchors: the ids in that page's text."""
        link = link.strip()
        if self.site_url and link.startswith((f"{self.site_url}/", f"{self.site_url}#")):
            link = link.removeprefix(self.site_url)
        scheme = _SCHEME.match(link)
        if not link or link == "#":
            yield "this link leads nowhere: write the address between the round brackets", True
        elif link.startswith("#"):
            if unquote(link[1:]) not in (*anchors, *_PARTS):
                known = ", ".join(f"#{anchor}" for anchor in (*anchors, *_PARTS))
                yield f"nothing on this page is called {link}: use one of {known}", True
        elif pelican := _PELICAN.match(link):
            yield from self._check_source(pelican[1], pelican[2], url)
        elif link[0] in _QUOTES or unquote(link)[0] in _QUOTES:
            yield "remove the quotation marks around the address", True
        elif cut := re.match(r"https?:?/{1,2}(?=\w)", link):
            if cut[0] not in ("https://", "http://"):
                yield f"write https://{link[cut.end() :]}", True
            else:
                yield from _check_web(link.partition(":")[0], link)
        elif link.startswith("//"):
            yield f"write https:{link}", False
        elif scheme and scheme[1].lower() not in ("localhost",):
            yield from _check_elsewhere(scheme[1].lower(), link)
        elif is_email(link):
            yield f"write mailto:{link}", True
        elif _HOST.fullmatch(link):
            yield f"write https://{link}", True
        else:
            yield from self._check_own(link, url)

    def check_picture(self, source: str, alt: str | None, url: str) -> Iterator[Finding]:
        """url: as for `check_link`. alt: None if there is none."""
        source = source.strip()
        pelican = _PELICAN.match(source)
        written = "write ![what it shows]({static}/images/name.jpg)"
        if not source:
            yield f"this picture has no address: {written}", True
        elif source.startswith("data:"):
            yield (
                f"the page shows no pictures from inside its text: save it as a file in content/images/ and {written}",
                True,
            )
        elif _SCHEME.match(source) or source.startswith("//"):
            said = "the page shows no pictures from elsewhere, which would tell others who reads it"
            yield f"{said}: put it into content/images/ and {written}", True
        elif pelican:
            yield from self._check_source(pelican[1], pelican[2], url, picture=True)
        elif not source.startswith("/images/"):
            name = PurePosixPath(unquote(source)).name
            yield f"write {{static}}/images/{name}, and put the picture into content/images/", True
        else:
            yield from self._check_file(unquote(source).lstrip("/"), picture=True)
        if not (alt or "").strip():
            yield "say in the square brackets what the picture shows, for people who do not see it", False
        elif _FILE_NAME.fullmatch(alt.strip() if alt else ""):
            yield f'"{alt}" does not say what the picture shows, for people who do not see it', False

    def _check_source(self, kind: str, path: str, url: str, *, picture: bool = False) -> Iterator[Finding]:
        target = unquote(path).partition("#")[0]
        source = next((source for source, page in self.sources.items() if page == url), "campaigns/x.md")
        below = normpath(target.lstrip("/") if target.startswith("/") else str(PurePosixPath(source).parent / target))
        if kind in ("static", "attach"):
            yield from self._check_file(below, picture=picture)
        elif kind == "filename":
            if below not in self.sources:
                near = get_close_matches(below, self.sources, 1, 0.8)
                yield f"no file {below}" + (f": did you mean {{filename}}/{near[0]}?" if near else ""), True
            else:
                yield from self._check_secrecy(self.sources[below], url)
        else:
            yield f"{{{kind}}} leads nowhere here: write {{static}} for a picture, {{filename}} for a text", True

    def _check_secrecy(self, target: str, url: str) -> Iterator[Finding]:
        if target in self.drafts and url not in self.drafts:
            yield (
                "this is a draft, whose address only its testers shall know: publish it first, or remove the link",
                True,
            )

    def _check_file(self, below: str, *, picture: bool) -> Iterator[Finding]:
        file = self.content / below
        self.linked.add(below)
        if not file.is_file() or file.name not in {path.name for path in file.parent.iterdir()}:
            there = [f"{IMAGES}/{path}" for path in list_pictures(self.content)]
            alike = get_close_matches(below.lower(), [name.lower() for name in there], 1)
            name = next((name for name in there if alike and name.lower() == alike[0]), "")
            mean = f"did you mean {{static}}/{name}?" if name else "put it into content/images/"
            yield f"no file {self.content.name}/{below}: {mean}", True
        elif picture and file.suffix.lower() not in SHOWN:
            yield f"browsers do not show {file.suffix} pictures: save it as .jpg or .png", True

    def _check_own(self, link: str, url: str) -> Iterator[Finding]:
        parts = urlsplit(link)
        if link.lower().endswith(".md") or ".md#" in link:
            name = PurePosixPath(parts.path).name
            source = next((source for source in self.sources if PurePosixPath(source).name == name), "")
            yield (f"write {{filename}}/{source}" if source else f"no file {name} in campaigns/ or pages/"), True
            return
        path = unquote(parts.path) if link.startswith("/") else normpath(f"{url}{unquote(parts.path)}")
        path = path.removesuffix("index.html")
        if path.startswith(("/images/", "/embed/", "/theme/")):
            if path.startswith("/images/"):
                yield from self._check_file(path.lstrip("/"), picture=False)
            return
        page = f"{path.rstrip('/')}/" if "." not in path else path
        if page not in self.urls:
            near = get_close_matches(page, [known for known in self.urls if known.endswith("/")], 1)
            mean = f"did you mean {near[0]}?" if near else "a page elsewhere begins with https://"
            yield f"this site has no page {path}: {mean}", True
        elif parts.fragment and page in self.texts:
            anchors = self._find_anchors(page)
            if unquote(parts.fragment) not in anchors:
                known = ", ".join(f"#{anchor}" for anchor in anchors) or "none"
                yield f"nothing on {page} is called #{parts.fragment}. What there is: {known}", True
        yield from self._check_secrecy(page, url)

    def _find_anchors(self, page: str) -> Sequence[str]:
        text = self.texts[page]
        whole = text.read_text("utf-8") if isinstance(text, Path) else "\n".join(text)
        written = whole.partition("\n---\n")[2] if isinstance(text, Path) else whole  # without the front matter
        parts = _PARTS if "/campaigns/" in page or "/drafts/" in page else ()
        return (*find_anchors(written), *parts)


def check_targets(document: Document, targets: Iterable[Target], url: str, places: Places) -> None:
    """Report targets that lead nowhere from the page at `url`."""
    for target in targets:
        if target.is_picture:
            found = places.check_picture(target.address, target.alt, url)
        else:
            found = places.check_link(target.address, url, target.anchors)
        for wrong, fatal in found:
            report = document.add_problem if fatal else document.add_warning
            report(wrong, line=target.line, column=target.column)


def find_anchors(text: str) -> list[str]:
    """What a link to a part of a page may name: its headings, and the ids in its HTML."""
    found = [str(token.attrGet("id")) for token in parse_markdown(text) if token.attrGet("id")]
    return found + re.findall(r"""<[^<>]*\b(?:id|name)=["']?([\w-]+)""", text)


def collect_places(
    content: Path,
    pages: Iterable[tuple[Path, str, Sequence[str] | None]],
    drafts: Collection[str] = (),
    site_url: str = "",
) -> Places:
    """pages: every content file, the URL of its page, and its lines, if they have been read. drafts: those URLs that
    only testers shall know."""
    texts: dict[str, Sequence[str] | Path] = {}
    languages: set[str] = set()
    sources: dict[str, str] = {}
    urls = set(_BUILT)
    for path, url, lines in pages:
        urls.add(url)
        texts[url] = path if lines is None else lines
        if path.is_relative_to(content):
            sources[path.relative_to(content).as_posix()] = url
        tag = url.split("/")[1]
        if url.startswith((f"/{tag}/campaigns/", f"/{tag}/privacy/")) and tag != "campaigns":
            urls |= {f"/{tag}/", f"/{tag}/phones/"}
            languages.add(tag)
    return Places(content, frozenset(urls), sources, frozenset(drafts), frozenset(languages), texts, site_url)


def list_pictures(content: Path) -> list[str]:
    """Pictures that browsers show, by their path below content/images/. Hidden files are none."""
    folder = content / IMAGES
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        path.as_posix()
        for path in found
        if path.suffix.lower() in SHOWN and not any(part.startswith(".") for part in path.parts)
    )


def _check_elsewhere(scheme: str, link: str) -> Iterator[Finding]:
    rest = link.partition(":")[2]
    if scheme in ("http", "https"):
        yield from _check_web(scheme, link)
    elif scheme == "mailto":
        if not is_email(unquote(rest.partition("?")[0])):
            yield f'"{rest}" is no e-mail address: write mailto:you@example.org', True
    elif scheme in ("tel", "sms"):
        if not re.fullmatch(r"\+?[\d().\s-]{3,}(?:[;,?].*)?", unquote(rest)):
            yield f'"{rest}" is no telephone number: write {scheme}:+16175551234', True
    elif scheme == "javascript" or scheme == "vbscript":
        yield "no script of yours runs on the page: write a link to a page, with https://", True
    elif scheme == "file" or len(scheme) == 1:
        yield "this file is on your own machine: nobody else can open it. Put it into content/images/", True
    elif near := get_close_matches(scheme, ("https", "http", "mailto"), 1, 0.6):
        yield f'"{scheme}:" is mistyped: write {near[0].replace("http", "https").replace("httpss", "https")}:', True
    else:
        yield f"a link that begins with {scheme}: does not work here: write one with https://", True


def _check_web(scheme: str, link: str) -> Iterator[Finding]:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        host = ""
    if not host or ("." not in host and not _LOCAL.fullmatch(host)) or not re.fullmatch(r"[\w.:-]+", host):
        yield f"{link} is no address of a page: write one like https://malegislature.gov/", True
    elif _LOCAL.fullmatch(parts.netloc):
        yield f"{parts.netloc} is your own machine: nobody else can open it", True
    elif name := next((name for site, name in _TRACKERS.items() if host == site or host.endswith(f".{site}")), None):
        if real := parse_qs(parts.query).get(name, [""])[0]:
            yield f"{host} would learn who follows this link: write {real}", False
    elif scheme == "http":
        yield f"anybody on the way can read or change http: pages: write https{link[4:]}", False
