"""The static files as they are sent: in the organisation's colours, without what only their authors read.

Site and relay both send these bytes, so a file's fingerprint holds for both.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from theme.manifest import Look

STATIC: Final = Path(__file__).parent / "static"
DEFAULT_LOOK: Final = Look()  # the theme as it comes

_QUOTED: Final = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_STRING: Final = re.compile(_QUOTED, re.DOTALL)
_CSS: Final = re.compile(rf"(?P<kept>{_QUOTED})|/\*.*?\*/|\s+", re.DOTALL)
_JS: Final = re.compile(rf"""{_QUOTED}|//[^\n]*|/\*.*?\*/|\s+|`|/|[\w$]+|.""", re.DOTALL)
_TOKEN: Final = re.compile(r"--(\w+): (#[0-9a-f]{6});")
_REGEX: Final = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/\w*")
# A slash after a value divides; after these words, or anything else, a regular expression begins.
_NO_VALUE: Final = {
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "delete",
    "void",
    "throw",
    "new",
    "else",
    "do",
    "await",
    "yield",
}


@lru_cache(maxsize=4)  # a relay serves one look, and for a moment the one before it
def read_assets(look: Look = DEFAULT_LOOK) -> Mapping[str, bytes]:
    """Every static file: its name below `/theme/` → what is sent for it."""
    files = sorted(path for path in STATIC.rglob("*") if path.is_file())
    return {
        path.relative_to(STATIC).as_posix(): minify(path.name, apply_colors(path.name, path.read_bytes(), look))
        for path in files
    }


@lru_cache(maxsize=4)
def fingerprint(look: Look = DEFAULT_LOOK) -> str:
    """Eight hex digits that change when any file does: a script may load another by its own address."""
    return hashlib.sha256(b"".join(read_assets(look).values())).hexdigest()[:8]


@cache
def read_tokens() -> Mapping[str, tuple[str, str]]:
    """The colours in site.css by name, on light and on dark ground; those that are the same on both are left out."""
    found: dict[str, list[str]] = {}
    for name, colour in _TOKEN.findall(STATIC.joinpath("site.css").read_text("utf-8")):
        found.setdefault(name, []).append(colour)
    return {name: (colours[0], colours[1]) for name, colours in found.items() if len(colours) == 2}


def apply_colors(name: str, content: bytes, look: Look) -> bytes:
    """A style sheet or a drawing with the organisation's colours in place of the theme's."""
    if Path(name).suffix in (".css", ".svg"):
        for token, colours in (("brand", look.brand), ("stamp", look.stamp)):
            for ours, theirs in zip(read_tokens()[token], colours or (), strict=False):
                content = content.replace(ours.encode(), theirs.encode())
    return content


def minify(name: str, content: bytes) -> bytes:
    """A style sheet or a script without comments and needless white space; any other file as it is."""
    minifier = _MINIFIERS.get(Path(name).suffix)
    return minifier(content.decode()).encode() if minifier else content


def minify_css(text: str) -> str:
    """CSS that says the same. Strings are kept; a space stays where it may separate selectors or values."""
    squeezed = _CSS.sub(lambda found: found["kept"] or " ", text)
    parts = re.split(f"({_QUOTED})", squeezed)
    for index in range(0, len(parts), 2):
        part = re.sub(r" +", " ", parts[index])
        part = re.sub(r" ?([{};,>]) ?", r"\1", part)
        part = re.sub(r"(?<=[ :(,-])0(?=\.\d)", "", part)
        parts[index] = re.sub(r": ", ":", part).replace(";}", "}")
    return "".join(parts).strip()


def minify_js(text: str) -> str:
    """JavaScript that does the same. Strings, templates and regular expressions are kept; so are line ends that may
    end a statement. Names are never changed: what runs can be read."""
    out = ""
    at = 0
    blank = ""
    while at < len(text):
        if text[at] == "/" and text[at + 1 : at + 2] not in ("/", "*") and not _is_value(out):
            found = _REGEX.match(text, at)
            token, end = (found[0], found.end()) if found else ("/", at + 1)
        elif text[at] == "`":
            end = _template_end(text, at)
            token = text[at:end]
        else:
            match = _JS.match(text, at)
            assert match, "every character is matched by the last alternative"
            token, end = match[0], match.end()
        at = end
        if token.isspace() or token.startswith(("//", "/*")):
            blank = "\n" if "\n" in blank + token else " "
            continue
        out += _between(out[-1:], blank, token[0]) + token
        blank = ""
    return out


def _between(before: str, blank: str, after: str) -> str:
    """What must stay of the white space between two tokens."""
    if not blank or not before or before in ",;{([" or after in ")]}.;," or (before + after) == "=>":
        return ""
    if blank == "\n":
        return "\n"
    words = bool(re.match(r"[\w$#]", before) and re.match(r"[\w$#]", after))
    confused = before + after in ("++", "--", "//", "/*") or "/" in before + after
    return " " if words or confused else ""


def _is_value(out: str) -> bool:
    """Whether what stands before a slash can be divided."""
    word = re.search(r"[\w$]+$", out)
    if word:
        return word[0] not in _NO_VALUE
    return out[-1:] in (")", "]", "}", '"', "'", "`")


def _template_end(text: str, start: int) -> int:
    """Where the template that begins at `start` is over, whatever templates stand in its `${…}`."""
    at = start + 1
    depth = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "`" and depth == 0:
            return at + 1
        elif text[at] == "`":
            at = _template_end(text, at) - 1
        elif text.startswith("${", at):
            depth, at = depth + 1, at + 1
        elif depth and (string := _STRING.match(text, at)):
            at = string.end() - 1
        elif depth and text[at] in "{}":
            depth += 1 if text[at] == "{" else -1
        at += 1
    raise ValueError("a template without an end")


_MINIFIERS: Final[Mapping[str, Callable[[str], str]]] = {".css": minify_css, ".js": minify_js}
