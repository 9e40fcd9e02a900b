"""What is wrong with a letter: it is sent as it stands, as plain text, with our placeholders filled in."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Final

from theme.fields import FIELD
from theme.placeholders import PLACEHOLDERS
from theme.site import validators
from theme.site.blanks import LEFT, find_blanks, find_half, find_square
from theme.site.frontmatter import Document
from theme.site.problems import suggest
from theme.site.raw_html import TAG, is_html
from theme.site.sections import ASK, GREETING, THANKS, Section

_FIELDS: Final = {ASK: "message", THANKS: "thanks_message"}  # where writers edit them
_PLAIN: Final = "letters are plain text, and offices would read"
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LINK: Final = re.compile(r"!?\[([^\[\]\n]*)\]\s?\(([^()\s]*[./:#@][^()\s]*)\)")
_REFERENCE: Final = re.compile(r"\[([^\[\]\n]+)\]\[[^\[\]\n]*\]")
_HEADING: Final = re.compile(r"#{1,6}\s+(?=\S)(?!Message(?:: thanks)?\s*#*\s*$)")
# Marks as Markdown has them, around words: where it starts, what it does, whether nobody writes that in plain text.
_MARKS: Final = (
    (re.compile(r"(?<![\w*])(\*\*\*?|__)(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])"), True),
    (re.compile(r"(~~)(?=\S)([^~\n]+?)(?<=\S)\1"), True),
    (re.compile(r"(`+)(?=\S)([^`\n]+?)(?<=\S)\1"), True),
    (re.compile(r"(?<![\w*])(\*)(?=[^\s*])([^*\n]+?)(?<=[^\s*])\1(?![\w*])"), False),
    (re.compile(r"(?<![\w_])(_)(?=[^\s_])([^_\n]+?)(?<=[^\s_])\1(?![\w_])"), False),
)
_ESCAPE: Final = re.compile(r"\\(?:[*_#\[\]()`>~.!+-]|$)")
_TABLE: Final = re.compile(r"\s*\|?[\s:]*-{3,}[\s:]*(\|[\s:]*-{3,}[\s:]*)+\|?\s*")
MOJIBAKE: Final = re.compile(
    r"\u00e2\u20ac.|\u00e2\u0080.|[\u00c2\u00c3][\u0080-\u00bf\u20ac\u2122\u0153\u0178\u2019]|\u00ef\u00bf\u00bd"
)
_NAMED: Final = re.compile(r"\b(?:senator|representative|rep|sen)\b(?!\s*(?:and|or|/|&))", re.IGNORECASE)


def check_letter(document: Document, name: str, section: Section, *, translation: bool, several: bool) -> None:
    """Report what is wrong with the letter under the heading `name`. translation: it explains the letter, and is not
    sent. several: it goes to more than one kind of office."""
    start = section.start
    letter = document.body[start + 1 : section.end]
    first = document.body_line + start + 1
    for number, line in enumerate(letter, first):
        for column, wrong, fatal in (*check_placeholders(line), *check_plain(line, _PLAIN)):
            report = document.add_problem if fatal else document.add_warning
            report(wrong, line=number, column=column + 1)
        if (bad := validators.find_unprintable(line)) is not None:
            wrong = f"character U+{ord(line[bad]):04X} cannot be sent: remove it"
            document.add_problem(wrong, line=number, column=bad + 1)
    text = "\n".join(letter).strip()
    limit = FIELD[_FIELDS[name]].max_chars
    if len(text) > limit:
        wrong = f"the letter is too long: {len(text):,} characters, {limit:,} at most"
        document.add_problem(wrong, line=document.body_line + start)
    if translation:
        return
    if not text:
        document.add_problem(f'the letter under "## {name}" is empty', line=document.body_line + start)
        return
    _check_form(document, letter, first, several)


def check_placeholders(line: str) -> Iterator[tuple[int, str, bool]]:
    """Words in square brackets that are not filled in: (index, what is wrong, whether it stops a build)."""
    links = [range(*link.span()) for form in (_LINK, _REFERENCE) for link in form.finditer(line)]
    for blank in find_square(line):
        if not _is_in(blank.start, links):
            yield blank.start, name_unknown(blank.text, blank.meant), True
    for blank in find_half(line):
        missing = "]" if blank.text.startswith("[") else "["
        remedy = f"write {blank.meant}" if blank.meant else f'close it, or leave out the "{line[blank.start]}"'
        yield blank.start, f'"{blank.text}" has no "{missing}": {remedy}', blank.meant is not None


def check_plain(line: str, said: str) -> Iterator[tuple[int, str, bool]]:
    """What is not read as it is meant, because nothing makes HTML of it, and nobody fills it in. said: who reads it.
    Yields as `check_placeholders` does."""
    links = list(_LINK.finditer(line))
    for link in links:
        words = f"{link[1]} ({link[2]})" if link[1] else link[2]
        yield link.start(), f"a Markdown link: {said} the brackets. Write {words}", True
    covered = [range(*link.span()) for link in links]
    for blank in find_blanks(line):
        covered.append(range(blank.start, blank.end))
        if not is_html(blank.text):
            yield blank.start, f"{blank.text} is not filled in: {blank.remedy}", blank.sure
    for tag in TAG.finditer(line):
        if is_html(tag[0]):
            yield tag.start(), f"{tag[0]} is HTML: {said} it. Remove it", True
    for entity in _ENTITY.finditer(line):
        if (char := unescape(entity[0])) != entity[0]:
            yield entity.start(), f"{entity[0]} is HTML: {said} it. Write {'a space' if char.isspace() else char}", True
    for left in LEFT.finditer(line):
        yield left.start(), f'"{left[0]}" seems to be left over: write what belongs here, or remove it', False
    yield from _find_markdown(line, said, covered)
    if found := MOJIBAKE.search(line):
        yield found.start(), f"{found[0]} comes from a file in another encoding: copy the text again, as UTF-8", True


def _find_markdown(line: str, said: str, covered: Sequence[range]) -> Iterator[tuple[int, str, bool]]:
    if heading := _HEADING.match(line):
        yield 0, f"a Markdown heading: {said} the {heading[0].strip()}. Write the words alone", True
    if quoted := re.match(r"\s*>+\s+(?=\S)", line):
        yield 0, f"a Markdown quotation: {said} the {quoted[0].strip()}. Put the words in quotation marks", True
    if re.fullmatch(r"\s*(?:-{3,}|\*{3,}|(?:\* ){2,}\*)\s*", line):
        yield 0, f"a Markdown rule: {said} the {line.strip()}. Leave an empty line instead", False
    for reference in _REFERENCE.finditer(line):
        yield reference.start(), f"a Markdown link: {said} the brackets. Write {reference[1]} and the address", True
    if _TABLE.fullmatch(line):
        yield 0, f"a Markdown table: {said} the lines. Write sentences or a list", True
    for mark, fatal in _MARKS:
        for found in mark.finditer(line):
            if not _is_in(found.start(), covered):
                yield found.start(), f"{found[0]} is Markdown: {said} the {found[1]}. Write {found[2]}", fatal
    for found in _ESCAPE.finditer(line):
        remedy = f"Write {found[0][1:]}" if found[0][1:] else "Remove it"
        yield found.start(), f"{found[0]} is Markdown: {said} the \\. {remedy}", True


def name_unknown(written: str, meant: str | None) -> str:
    """What is wrong with words in square brackets."""
    if "\u00a0" in written or "\u202f" in written:
        return f"{written} contains a non-breaking space: type the space anew"
    if meant:
        return f"unknown placeholder {written}: write {meant}"
    if meant == "":
        return f"unknown placeholder {written}: nothing fills that in. Write it out, or leave it out"
    hint = suggest(written[1:-1], PLACEHOLDERS) or validators.LIST
    return f"unknown placeholder {written}.{hint}"


def _check_form(document: Document, letter: Sequence[str], first: int, several: bool) -> None:
    """A letter begins with a greeting and ends with a name."""
    filled = [(number, line) for number, line in enumerate(letter, first) if line.strip()]
    number, line = filled[0]
    greets = "[Legislator]" in line or bool(GREETING.match(line))
    if not greets:
        document.add_warning("no greeting: begin the letter with Dear [Legislator],", line=number)
    elif "[Legislator]" not in line and several and (named := _NAMED.search(line)):
        wrong = f'every office gets this greeting, "{named[0]}" or not: write Dear [Legislator],'
        document.add_warning(wrong, line=number, column=named.start() + 1)
    end = "\n".join(line for _, line in filled)
    if "[First Name]" not in end and "[Last Name]" not in end:
        document.add_warning("no signature: end the letter with [First Name] [Last Name]", line=filled[-1][0])


def _is_in(index: int, ranges: Sequence[range]) -> bool:
    return any(index in covered for covered in ranges)
