"""Static files as they are served: minified, in the organization's colors.

Site and relay serve the same bytes, so one fingerprint is valid for both.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from theme.manifest import Look

STATIC: Final = Path(__file__).parent / "static"
DEFAULT_LOOK: Final = Look()  # no branding

_QUOTED: Final = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_STRING: Final = re.compile(_QUOTED, re.DOTALL)
_CSS: Final = re.compile(rf"(?P<kept>{_QUOTED})|/\*.*?\*/|\s+", re.DOTALL)
_JS: Final = re.compile(rf"""{_QUOTED}|//[^\n]*|/\*.*?\*/|\s+|`|/|[\w$]+|.""", re.DOTALL)
_IMPORT: Final = re.compile(rb'(?<=")(\./\w+\.js)(?=")')
_TOKEN: Final = re.compile(r"--(\w+): (#[0-9a-f]{6});")
_REGEX: Final = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/\w*")
# A slash after a value is a division. After these keywords, or anything else, it starts a regular expression.
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


@lru_cache(maxsize=4)  # a relay serves one look, and briefly the previous one
def read_assets(look: Look = DEFAULT_LOOK) -> Mapping[str, bytes]:
    """Every static file: its name under `/theme/` → its content as served. A script imports others by the names that
    pages use, with the fingerprint, so that no cache mixes two releases."""
    query = f"?{fingerprint(look)}".encode()
    return {name: _IMPORT.sub(rb"\1" + query, content) for name, content in _read(look).items()}


@lru_cache(maxsize=4)
def fingerprint(look: Look = DEFAULT_LOOK) -> str:
    """Eight hex digits that change with any file."""
    return hashlib.sha256(b"".join(_read(look).values())).hexdigest()[:8]


def _read(look: Look) -> Mapping[str, bytes]:
    files = sorted(path for path in STATIC.rglob("*") if path.is_file())
    return {
        path.relative_to(STATIC).as_posix(): minify(path.name, apply_colors(path.name, path.read_bytes(), look))
        for path in files
    }


@cache
def read_tokens() -> Mapping[str, tuple[str, str]]:
    """The colors in site.css by name, as (light, dark). Colors without a dark variant are left out."""
    tokens: dict[str, list[str]] = {}
    for name, color in _TOKEN.findall(STATIC.joinpath("site.css").read_text("utf-8")):
        tokens.setdefault(name, []).append(color)
    return {name: (colors[0], colors[1]) for name, colors in tokens.items() if len(colors) == 2}


def apply_colors(name: str, content: bytes, look: Look) -> bytes:
    """Replace the theme's colors in a stylesheet or SVG with the organization's."""
    if Path(name).suffix in (".css", ".svg"):
        for token, colors in (("brand", look.brand), ("stamp", look.stamp)):
            for ours, theirs in zip(read_tokens()[token], colors or (), strict=False):
                content = content.replace(ours.encode(), theirs.encode())
    return content


def minify(name: str, content: bytes) -> bytes:
    """Remove comments and unneeded white space from a stylesheet or script. Other files stay as they are."""
    minifier = _MINIFIERS.get(Path(name).suffix)
    return minifier(content.decode()).encode() if minifier else content


def minify_css(text: str) -> str:
    """Equivalent CSS. Strings stay as they are, and so does a space that may separate selectors or values."""
    squeezed = _CSS.sub(lambda match: match["kept"] or " ", text)
    parts = re.split(f"({_QUOTED})", squeezed)
    for index in range(0, len(parts), 2):
        part = re.sub(r" +", " ", parts[index])
        part = re.sub(r" ?([{};,>]) ?", r"\1", part)
        part = re.sub(r"(?<=[ :(,-])0(?=\.\d)", "", part)
        parts[index] = re.sub(r": ", ":", part).replace(";}", "}")
    return "".join(parts).strip()


def minify_js(text: str) -> str:
    """Equivalent JavaScript, with the original names, so that what runs stays readable.

    Strings, templates and regular expressions stay as they are, and so do line breaks that may end a statement.
    """
    out = ""
    at = 0
    blank = ""
    while at < len(text):
        if text[at] == "/" and text[at + 1 : at + 2] not in ("/", "*") and not _is_value(out):
            regex = _REGEX.match(text, at)
            token, end = (regex[0], regex.end()) if regex else ("/", at + 1)
        elif text[at] == "`":
            end = _template_end(text, at)
            token = text[at:end]
        else:
            match = _JS.match(text, at)
            assert match, "the last alternative matches any character"
            token, end = match[0], match.end()
        at = end
        if token.isspace() or token.startswith(("//", "/*")):
            blank = "\n" if "\n" in blank + token else " "
            continue
        out += _between(out[-1:], blank, token[0]) + token
        blank = ""
    return out


def _between(before: str, blank: str, after: str) -> str:
    """The white space that must stay between two tokens."""
    if not blank or not before or before in ",;{([" or after in ")]}.;," or (before + after) == "=>":
        return ""
    if blank == "\n":
        return "\n"
    words = bool(re.match(r"[\w$#]", before) and re.match(r"[\w$#]", after))
    confused = before + after in ("++", "--", "//", "/*") or "/" in before + after
    return " " if words or confused else ""


def _is_value(out: str) -> bool:
    """Whether the code before a slash ends in a value, so that the slash divides."""
    word = re.search(r"[\w$]+$", out)
    if word:
        return word[0] not in _NO_VALUE
    return out[-1:] in (")", "]", "}", '"', "'", "`")


def _template_end(text: str, start: int) -> int:
    """The end of the template literal that starts at `start`, including templates nested in `${…}`."""
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
    raise ValueError("unterminated template literal")


_MINIFIERS: Final[Mapping[str, Callable[[str], str]]] = {".css": minify_css, ".js": minify_js}
