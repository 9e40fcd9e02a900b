"""Raw HTML in Markdown: what the page's policy (theme/pages/csp.py) would break, and what would break the page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

_LINK: Final = "write a link, like [the video](https://…)"
_FORM: Final = "the page has its own form: remove it, or write a link"
PASTED: Final = "comes from a web page or a word processor: paste the text without formatting"
_STYLE: Final = "the page has its own style: remove it"
# What does not work, and what to write instead.
REFUSED: Final = {
    "script": "no script of yours runs on the page: remove it",
    "noscript": "the page works without scripts: remove it",
    **dict.fromkeys(("iframe", "frame", "frameset", "embed", "object", "param", "applet", "portal"),
                    f"nothing from elsewhere is shown on the page: {_LINK}"),
    **dict.fromkeys(("video", "audio", "source", "track"), f"nothing is played on the page: {_LINK}"),
    **dict.fromkeys(("form", "input", "button", "select", "option", "textarea", "label", "fieldset"), _FORM),
    **dict.fromkeys(("html", "head", "body", "title", "meta", "base"), f"it {PASTED}"),
    **dict.fromkeys(("style", "link"), _STYLE),
    **dict.fromkeys(("template", "slot", "dialog"), "the page would not show what is in it: write it without"),
    **dict.fromkeys(("map", "area"), "a picture's parts are no links here: write a list of links below the picture"),
    **dict.fromkeys(("svg", "math", "canvas"),
                    "save it as a picture in content/images/ and write ![what it shows]({static}/images/name.png)"),
}  # fmt: skip
_OLD: Final = ("font", "center", "big", "tt", "strike", "marquee", "blink", "nobr")
ALLOWED: Final = frozenset(  # HTML's elements that the page can show
    [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "nav",
        "ol",
        "p",
        "picture",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_KNOWN: Final = ALLOWED | REFUSED.keys() | set(_OLD)
_VOID: Final = frozenset({"br", "col", "hr", "img", "wbr", *REFUSED})
_OPTIONAL: Final = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "rt", "rp"}
)
_WORD: Final = re.compile(r"^(?:o|w|v|m|st1|x):|^xml$", re.IGNORECASE)
TAG: Final = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>|<!--.*?(?:-->|$)")


class RawHtml(HTMLParser):
    """Reads the HTML of one text, piece by piece."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.targets: list[tuple[str, str, str | None]] = []  # tag, address and alt of links and pictures
        self.ids: list[str] = []
        self.open: list[str] = []  # tags that still need an end
        self.findings: list[tuple[str, bool]] = []  # what is wrong, whether it stops a build
        self._refused: list[str] = []  # tags whose start was refused already

    def take(self, html: str) -> Iterator[tuple[str, bool]]:
        """What is wrong with the next piece."""
        if html.lstrip().startswith("<!--") and "-->" not in html:
            yield "this comment is not closed, and hides the rest of the page: end it with -->", True
            return
        self.feed(html)
        self.close()
        self.reset()
        yield from self.findings
        self.findings.clear()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if _WORD.match(tag) or "mso" in given.get("class", "").lower() or "mso-" in given.get("style", "").lower():
            self.findings.append((f"<{tag}> {PASTED}", True))
        elif tag in REFUSED:
            self._refused.append(tag)
            self.findings.append((f"<{tag}> does not work here: {REFUSED[tag]}", True))
        elif tag in _OLD:
            self.findings.append((f"<{tag}> is out of use: remove it, or write **bold** or *italic*", False))
        elif tag not in _KNOWN:
            self.findings.append((f"<{tag}> is no HTML, and disappears: write the words without < and >", True))
        self._check_attributes(tag, given)
        if tag == "img":
            self.targets.append((tag, given.get("src", ""), given.get("alt")))
        elif "href" in given and tag not in REFUSED:
            self.targets.append((tag, given["href"], None))
        if "id" in given or (tag == "a" and "name" in given):
            self.ids.append(given.get("id") or given["name"])
        if tag not in _VOID | _OPTIONAL and tag in _KNOWN:
            self.open.append(tag)

    def _check_attributes(self, tag: str, given: dict[str, str]) -> None:
        for name, value in given.items():
            if name.startswith("on"):
                self.findings.append(
                    (f"{name}= does not work here: no script of yours runs on the page. Remove it", True)
                )
            elif name == "style" and "mso-" not in value.lower():
                self.findings.append((f'style="…" on <{tag}> has no effect: {_STYLE}', True))
            elif name in ("srcset", "background", "poster", "srcdoc", "formaction", "ping"):
                self.findings.append((f"{name}= on <{tag}> does not work here: remove it", True))

    def handle_endtag(self, tag: str) -> None:
        if tag in REFUSED and tag not in self._refused:
            self.findings.append((f"</{tag}> does not work here: {REFUSED[tag]}", True))
        if tag in _VOID | _OPTIONAL or tag not in _KNOWN:
            return
        if tag not in self.open:
            self.findings.append((f"</{tag}> ends something that the page has begun: remove it", True))
        else:
            while self.open.pop() != tag:
                pass

    def handle_comment(self, data: str) -> None:
        if data.lstrip().lower().startswith(("[if", "[endif", "startfragment", "endfragment")):
            self.findings.append((f"<!--{data[:20].strip()}…--> {PASTED}", True))
        else:
            self.findings.append(("everybody can read this comment in the page's source: is that meant?", False))

    def unknown_decl(self, data: str) -> None:
        self.findings.append((f"<![{data[:20]}…]> {PASTED}", True))

    def handle_pi(self, data: str) -> None:
        self.findings.append((f"<?{data[:20]}…> {PASTED}", True))


def is_html(tag: str) -> bool:
    """Whether `<…>` is a tag of HTML, or a word processor's, or a comment."""
    name = re.match(r"</?([\w:.-]+)", tag)
    return tag.startswith("<!--") or bool(name and (name[1].lower() in _KNOWN or _WORD.match(name[1])))
