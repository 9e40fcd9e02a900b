"""What is wrong with the Markdown of a campaign's argument or of a page."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.token import Token

from theme.placeholders import PLACEHOLDERS
from theme.site.blanks import LEFT, find_blanks, find_meant
from theme.site.frontmatter import Document
from theme.site.letter import MOJIBAKE
from theme.site.links import Target, find_anchors
from theme.site.markdown import parse_markdown, render_markdown
from theme.site.raw_html import PASTED, TAG, RawHtml, is_html
from theme.site.validators import find_unprintable

_SQUARE: Final = re.compile(r"\[([^\[\]\n]+)\]")
_BROKEN_LINK: Final = re.compile(r"\]\s*\(\s*(?:https?:|www\.|/|mailto:|\{)|\)\[(?:https?:|www\.)")
_BULLET: Final = re.compile(r"\s*[\u2022\u00b7\u2023\u25e6\u25aa\u25cf\u25cb\u25a0\uf0b7]\s*\S")
_SPACED_LINK: Final = re.compile(r"\]\(\s*[^\s()<]+\s+[^\s()\"'][^()]*\)")
_CODE: Final = re.compile(r"<(pre|code)\b.*?</\1>|<!--.*?-->", re.DOTALL)
# Markdown that nothing was made of, as the page shows it: of bold, a link, a list, a line break.
_SHOWN: Final = re.compile(r"\*\*|~~|\]\(|^\s*[-*+](?= \w)|^\s*\d{1,2}\)(?= \w)|\\$")
_REFERENCE: Final = re.compile(r"\[([^\[\]\n^]+)\]\[([^\[\]\n]*)\]")
_NOTE: Final = re.compile(r"\[\^([^\[\]\s]+)\]")
_ROW: Final = re.compile(r"\s*\|.*\|\s*")
_ATTRIBUTE: Final = re.compile(r"\{:?[^{}\n]*?\b(on\w+|style)\s*=")
_ITEM: Final = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")
_IN_ITEMS: Final = ("bullet_list_open", "ordered_list_open", "paragraph_open")
_INDENT: Final = 4  # spaces before what belongs to a list's item
_ONCE: Final = "nobody fills that in here; only the letter has placeholders"


def check_argument(document: Document, lines: Sequence[str]) -> tuple[Target, ...]:
    """Report what is wrong with the first `lines` of a document's body, whatever else the site has. Returns where they
    lead (see `links.check_targets`)."""
    check = _Check(document, lines)
    check.run()
    return tuple(check.targets)


class _Check:
    def __init__(self, document: Document, lines: Sequence[str]) -> None:
        self.targets: list[Target] = []
        self._document, self._lines = document, lines
        self._html = RawHtml()
        self._line = 0  # where the last thing was found, in `lines`
        self._column = 0
        self._behind = 0  # the column from which to look on
        self._inside: list[str] = []  # what blocks the next one is in, outermost first

    def run(self) -> None:
        tokens = parse_markdown("\n".join(self._lines))
        anchors = find_anchors("\n".join(self._lines))
        for token in tokens:
            if token.map:
                self._line, self._column, self._behind = token.map[0], 0, 0
            self._check_block(token)
            if token.nesting > 0:
                self._inside.append(token.type)
            elif token.nesting < 0:
                self._inside.pop()
            for child in token.children or ():
                self._check_inline(child, anchors)
        for tag in self._html.open:
            self._say(f"<{tag}> is not ended, and would swallow the form below: write </{tag}>", fatal=True)
        for number, line in enumerate(self._lines):
            self._check_line(number, line)
        self._check_shown()

    def _check_block(self, token: Token) -> None:
        if token.type == "html_block":
            self._check_html(token.content)
        elif token.type == "heading_open" and token.markup in ("-", "="):
            said = (
                f"the {token.markup * 3} below makes this a heading: put an empty line above it, or write ## in front"
            )
            self._say(said, fatal=token.markup == "=")
        elif token.type == "paragraph_open" and not self._inside:
            self._check_table(token)
        elif token.type in _IN_ITEMS and self._inside[-1:] == ["list_item_open"]:
            self._check_indent(token)
        elif token.type == "code_block":
            self._say("spaces or a tab at the start of a line make it typewriter text: remove them", fatal=False)

    def _check_table(self, token: Token) -> None:
        start, end = token.map or [0, 0]
        if end - start > 1 and all(_ROW.fullmatch(line) for line in self._lines[start:end]):
            columns = self._lines[start].strip().strip("|").count("|") + 1
            self._say(f"this is no table yet: below its first line, write {'| --- ' * columns}|", fatal=False)

    def _check_indent(self, token: Token) -> None:
        """What belongs to a list's item must be indented by four spaces, or it ends the list."""
        line = self._lines[self._line]
        indent = len(line.expandtabs(_INDENT)) - len(line.expandtabs(_INDENT).lstrip())
        behind_marker = token.type == "paragraph_open" and _ITEM.match(line)
        if indent < _INDENT and not behind_marker and not line.lstrip().startswith(">"):
            what = "a paragraph of" if token.type == "paragraph_open" else "a list inside"
            self._say(f"put four spaces before {what} a list's item, or it does not belong to it", fatal=False)

    def _check_shown(self) -> None:
        """What the page shows of Markdown."""
        html = _CODE.sub("", render_markdown("\n".join(self._lines)))
        for line in re.sub(r"<[^<>]*>", "", html).splitlines():
            if sign := _SHOWN.search(line):
                self._line, self._column, self._behind = 0, 0, 0
                needle = sign[0].strip()
                found = (
                    number for number, source in enumerate(self._lines) if needle in source and _is_in(line, source)
                )
                self._line = next(found, 0)
                self._column = max(self._lines[self._line].find(needle), 0)
                self._say(f"the page shows this {needle}: {_remedy(needle)}", fatal=False)

    def _check_inline(self, token: Token, anchors: Sequence[str]) -> None:
        if token.type == "html_inline":
            self._find(token.content.split("\n")[0])
            self._check_html(token.content)
        elif token.type == "link_open":
            link = str(token.attrGet("href"))
            self._find_target(link)
            if token.markup == "autolink" and is_html(f"<{link}>"):
                self._say(f"<{link}> {PASTED}", fatal=True)
            else:
                self._keep_target(link, anchors)
        elif token.type == "image":
            source = str(token.attrGet("src"))
            self._find_target(source)
            self._keep_picture(source, token.content)
        elif token.type == "text":
            self._check_text(token.content)

    def _check_html(self, html: str) -> None:
        before = len(self._html.targets)
        for wrong, fatal in self._html.take(html):
            self._say(wrong, fatal=fatal)
        for tag, target, alt in self._html.targets[before:]:
            if tag == "img":
                self._keep_picture(target, alt)
            else:
                self._keep_target(target, [target.lstrip("#")])

    def _keep_target(self, link: str, anchors: Sequence[str]) -> None:
        self.targets.append(Target(link, tuple(anchors), *self._position))

    def _keep_picture(self, source: str, alt: str | None) -> None:
        self.targets.append(Target(source, (), *self._position, is_picture=True, alt=alt))

    def _check_text(self, text: str) -> None:
        for words, name in _REFERENCE.findall(text):
            self._find(f"[{words}][{name}]")
            called = name or words
            self._say(
                f"[{called}] has no address: write [{words}](address), or on a line below [{called}]: address",
                fatal=True,
            )
        for name in _NOTE.findall(text):
            self._find(f"[^{name}]")
            self._say(f"there is no footnote {name}: write it on a line below, [^{name}]: words", fatal=True)
        for words in _SQUARE.findall(text):
            if words in PLACEHOLDERS or find_meant(words) is not None:
                self._find(f"[{words}]")
                self._say(f"[{words}]: {_ONCE}", fatal=True)
        for tag in TAG.finditer(text):
            if is_html(tag[0]):
                self._find(tag[0])
                self._say(f"{tag[0]} {PASTED}", fatal=True)
        for blank in find_blanks(text):
            if not is_html(blank.text):
                self._find(blank.text)
                self._say(f"{blank.text}: {_ONCE}", fatal=blank.sure)
        if left := LEFT.search(text):
            self._find(left[0])
            self._say(f'"{left[0]}" seems to be left over: write what belongs here, or remove it', fatal=False)

    def _check_line(self, number: int, line: str) -> None:
        """What Markdown takes for text."""
        for wrong, column, fatal in _find_in_line(line):
            self._line, self._column = number, column
            self._say(wrong, fatal=fatal)
        if _BULLET.match(line) and number and _BULLET.match(self._lines[number - 1]):
            self._line, self._column = number, 0
            self._say(f"{line.strip()[0]} makes no list, and the lines run together: write a hyphen, -", fatal=False)

    def _find_target(self, target: str) -> None:
        for spelling in (target, target.replace("%20", " "), "]("):
            if self._find(spelling):
                return

    def _find(self, needle: str) -> bool:
        """Move on to where these words are."""
        for number in range(self._line, len(self._lines)):
            column = self._lines[number].find(needle, self._behind if number == self._line else 0)
            if column >= 0:
                self._line, self._column, self._behind = number, column, column + len(needle)
                return True
            if not self._lines[number].strip():
                break
        return False

    @property
    def _position(self) -> tuple[int, int]:
        return self._document.body_line + self._line, self._column + 1

    def _say(self, wrong: str, *, fatal: bool) -> None:
        line, column = self._position
        report = self._document.add_problem if fatal else self._document.add_warning
        report(wrong, line=line, column=column)


def _find_in_line(line: str) -> Iterator[tuple[str, int, bool]]:
    if (bad := find_unprintable(line)) is not None and line[bad] not in "\u2028\x0c":
        yield f"character U+{ord(line[bad]):04X} cannot be shown: remove it", bad, True
    if found := MOJIBAKE.search(line):
        yield f"{found[0]} comes from a file in another encoding: copy the text again, as UTF-8", found.start(), True
    broken = _BROKEN_LINK.search(line)
    if broken and not re.search(r"\]\s+\(|\)\[", broken[0]):
        broken = None
    if found := broken or _SPACED_LINK.search(line):
        yield "this is no link: write [words](address), without a space between or inside", found.start(), True
    if found := _ATTRIBUTE.search(line):
        yield (
            f"{found[1]}= does not work here: the page runs no script and has its own style. Remove it",
            found.start(),
            True,
        )


def _is_in(shown: str, source: str) -> bool:
    """Whether a line of the page comes from a line of the file, by its words."""
    return bool(set(re.findall(r"\w+", shown)) & set(re.findall(r"\w+", source)))


def _remedy(sign: str) -> str:
    match sign:
        case "**":
            return "leave no space between it and the word, and no HTML around it"
        case "~~":
            return "write <del>words</del>"
        case "\\":
            return "end the line with two spaces instead"
        case "](":
            return "write [words](address), without a space, and no HTML around it"
        case _ if sign.endswith(")"):
            return f"write {sign[:-1]}. instead"
        case _:
            return "put an empty line above the list, and no HTML around it"
