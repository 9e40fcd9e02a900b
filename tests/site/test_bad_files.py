"""What an organizer reads when a file is wrong: where, what, and how to fix it, for all problems at once."""

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from boundaries.builder.release.compile import build
from boundaries.builder.sources.new_recipe import draft_recipe
from boundaries.builder.sources.recipe import make_recipe
from tests.site.conftest import GOOD, ROOT, Pelican
from tests.unit.boundaries.zedland import named, one_chamber
from theme.site.campaign_file import KEYS
from theme.site.content import read_content
from theme.site.problems import ContentError
from theme.site.states import States

TODAY = date(2026, 1, 1)
KNOWN = "Use one of: [First Name], [Last Name], [Your Address], [Legislator], [District], [Town], [Email]."


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def argued(text: str) -> str:
    return edited("Words.", text)


def written(line: str) -> str:
    return edited("Dear [Legislator],\n", f"Dear [Legislator],\n{line}\n")


def given(line: str) -> str:
    return edited("subject: A subject\n", f"subject: A subject\n{line}\n")


# What is wrong → the file, and every message, without the file name.
CASES: dict[str, tuple[str | bytes, list[str]]] = {
    "an empty file": ("", ["1:1: empty file: create one with `beaconpost new`"]),
    "no front matter": (
        "Words.\n",
        ['1:1: no front matter: the first line must be three dashes, "---"'],
    ),
    "front matter that is not closed": (
        edited("subject: A subject\n---\n", "subject: A subject\n"),
        ['1:1: the front matter is not closed: put a line of three dashes, "---", after its last key'],
    ),
    "bytes that are not UTF-8": (
        edited("A title", "Caf\xe9").encode("latin-1"),
        ["2:11: byte 0xe9 is not UTF-8: save the file as UTF-8"],
    ),
    "a colon in a text": (
        edited("A title", "Act now: call"),
        ['2:15: a second ": " on one line: put the whole text in "quotes"'],
    ),
    "a tab": (
        edited("title: A", "title:\tA"),
        ["2:7: a tab is not allowed here: use spaces"],
    ),
    "a list that is not closed": (
        edited("representative]", "representative"),
        ["5:13: this list is not closed or is missing a comma: write [one, two]"],
    ),
    "a quotation that is not closed": (
        edited("title: A title", 'title: "A title'),
        ["2:8: this quoted text is not closed: end it with the same quotation mark"],
    ),
    "a character reserved by YAML": (
        edited("A title", "@home"),
        ['2:8: a text that begins with "@" must be in quotes: title: "@home"'],
    ),
    "a control character": (edited("A title", "A\x07title"), ["2:9: character U+0007 is not allowed here: remove it"]),
    "front matter that is a list": (
        edited("title: A title\ncampaign: A campaign\naction: An action\n", "- one\n").replace(
            "recipients: [senator, representative]\nsubject: A subject\n", "- two\n"
        ),
        ['2:1: the front matter must be lines of "key: value"'],
    ),
    "required keys missing": (
        edited("title: A title\ncampaign: A campaign\n", ""),
        ['1:1: the required key "campaign" is missing', '1:1: the required key "title" is missing'],
    ),
    "a key twice": (given("title: Another"), ['7:1: duplicate key "title", first used on line 2: remove one']),
    "a mistyped key": (given("organizer: a@b.example"), ['7:1: unknown key "organizer". Did you mean "organiser"?']),
    "an unknown key": (given("colour: red"), [f'7:1: unknown key "colour". Use one of: {", ".join(KEYS)}.']),
    "testimony's key without its kind": (
        given("hearing: 2026-02-01"),
        ['7:1: "hearing" is for written testimony: add kind: testimony, or remove it'],
    ),
    "an unknown recipient": (
        edited("senator,", "senater, the mayor,"),
        [
            '5:14: recipients: unknown recipient "senater". Did you mean "senator"? '
            "Write senator, representative, committee:Judiciary, leader:speaker or {name: …, email: …, greeting: …}",
            '5:23: recipients: unknown recipient "the mayor". '
            "Write senator, representative, committee:Judiciary, leader:speaker or {name: …, email: …, greeting: …}",
        ],
    ),
    "a committee that is not in the roster": (
        edited("senator,", "committee:Judicary,"),
        ["5:14: recipients: no committee 'Judicary': is it Judiciary?"],
    ),
    "an office without a holder": (
        edited("senator,", "leader:speeker,"),
        ["5:14: recipients: the roster knows no 'speeker': is it speaker?"],
    ),
    "a committee without a name": (
        edited("senator,", '"committee:",'),
        ["5:14: recipients: which committee? Write it like committee:Judiciary"],
    ),
    "recipients that are not a list": (
        edited("[senator, representative]", "senator"),
        ["5:13: recipients: this must be a list, like [senator, representative]"],
    ),
    "a recipient twice": (
        edited("representative]", "senator]"),
        ["5:23: recipients: this recipient is listed twice: remove one"],
    ),
    "half a named recipient": (
        edited("representative]", "{name: The Office, email: office}]"),
        [
            "5:23: recipients: a named recipient is missing greeting: "
            "write senator, representative, committee:Judiciary, leader:speaker or {name: …, email: …, greeting: …}",
            "5:49: recipients: this must be an e-mail address, like you@example.org",
        ],
    ),
    "an invalid date": (
        given("closes: 2026-02-30\nopens: soon"),
        [
            '7:9: closes: "2026-02-30" is not a date: write year-month-day, like 2027-01-31',
            '8:8: opens: "soon" is not a date: write year-month-day, like 2027-01-31',
        ],
    ),
    "a campaign that closes before it opens": (
        given("opens: 2026-05-01\ncloses: 2026-04-01"),
        ["8:9: closes: 2026-04-01 is before the campaign opens, 2026-05-01"],
    ),
    "an invalid address": (
        given("organiser: ana at example.org"),
        ["7:12: organiser: this must be an e-mail address, like you@example.org"],
    ),
    "an invalid address in a list of organizers": (
        given("organiser: [ana@mail.example, ben at mail]"),
        ["7:31: organiser: this must be an e-mail address, like you@example.org"],
    ),
    "a list without its privacy page": (
        given("join: {text: Send me news}"),
        ["7:7: join: privacy is missing: write join: {text: …, privacy: https://…}"],
    ),
    "a list in plain words": (
        given("join: Send me news"),
        ["7:7: join: write join: {text: Send me news of this campaign, privacy: https://example.org/privacy}"],
    ),
    "a list whose privacy page is no page": (
        given("join: {text: Send me news, privacy: example.org}"),
        ["7:37: join: this must be the address of a page that begins with https://"],
    ),
    "a goal in words": (
        given("goal: 2,000"),
        ["7:7: goal: this must be a whole number from 1 to 999999999, digits only, like 2000"],
    ),
    "a goal too large to count": (
        given(f"goal: {'9' * 5000}"),
        ["7:7: goal: this must be a whole number from 1 to 999999999, digits only, like 2000"],
    ),
    "an address that ends in a line break": (
        given('organiser: "ana@mail.example\\n"'),
        ["7:12: organiser: write the e-mail address alone: ana@mail.example"],
    ),
    "a recipient with two names": (
        edited("senator,", "{name: A, name: B, email: a@office.example, greeting: C},"),
        ['5:24: recipients: duplicate key "name": remove one'],
    ),
    "a recipient with a list as a key": (
        edited("senator,", "{[a]: b, name: A, email: a@office.example, greeting: C},"),
        ["5:15: recipients: a key must be one word"],
    ),
    "unclosed brackets": (
        given("bills: " + "[" * 5000),
        ["2:1: too many nested brackets: close them"],
    ),
    "a subject that would break a mail header": (
        edited("A subject", r'"A\0subject"'),
        ["6:10: subject: character U+0000 is not printable: remove it"],
    ),
    "a tab in a subject": (
        edited("A subject", r'"A\tsubject"'),
        ["6:10: subject: character U+0009 is not printable: remove it"],
    ),
    "a bidirectional override in a subject": (
        edited("A subject", "A \u202esubject"),
        ["6:10: subject: character U+202E is not printable: remove it"],
    ),
    "the replacement character of a wrong encoding": (
        edited("Dear", "De\ufffdr"),
        ["12:3: character U+FFFD cannot be sent: remove it"],
    ),
    "half a surrogate pair": (
        edited("A title", r'"A \ud83d title"'),
        ["2:8: title: character U+D83D is not printable: remove it"],
    ),
    "a character in the letter that the form would refuse": (
        edited("Dear", "Dear\x0b"),
        ["12:5: character U+000B cannot be sent: remove it"],
    ),
    "invisible line separators before the problem": (
        edited("Words.", "Wo\u2028rds\x0c.").replace("A title", "A\u2028title").replace("\n[First", "\n[Nmae] [First"),
        [f"13:1: unknown placeholder [Nmae]. {KNOWN}"],
    ),
    "a state without districts": (
        given("state: rx"),
        ['7:8: state: there is no state "rx". Use one of: ma'],
    ),
    "an unknown status": (
        given("status: publish"),
        ['7:9: status: this must be one of: draft, published, withdrawn. Did you mean "published"?'],
    ),
    "a draft without an organizer": (
        given("status: draft"),
        ["7:1: a draft's letters go to its organizer: add organiser: you@example.org"],
    ),
    "a title that is too long": (
        edited("A title", "A" * 151),
        ["2:8: title: too long: 151 characters, 150 at most"],
    ),
    "a title that is empty": (
        edited("title: A title", "title:"),
        ["2:7: title: this is empty: fill it in, or remove the key if it is not required"],
    ),
    "a title that is a list": (
        edited("A title", "[Draft]"),
        ['2:8: title: this must be text: put it in "quotes" if it starts with a bracket'],
    ),
    "a subject of two lines": (
        edited("subject: A subject", "subject: |\n  One\n  Two"),
        ["6:10: subject: this must be a single line"],
    ),
    "a subject that is too long": (
        edited("A subject", "B" * 151),
        ["6:10: subject: too long: 151 characters, 150 at most"],
    ),
    "an unknown placeholder in the subject": (
        edited("A subject", "From [Twon]"),
        ['6:10: subject: unknown placeholder [Twon]. Did you mean "Town"?'],
    ),
    "unknown placeholders in the letter": (
        edited("[First Name]", "[first name] [First Name] of [Sreet]"),
        [
            "13:1: unknown placeholder [first name]: write [First Name]",
            f"13:30: unknown placeholder [Sreet]. {KNOWN}",
        ],
    ),
    "a character not allowed in a letter": (
        edited("Dear [Legislator],", "Dear\u2028[Legislator],"),
        ["12:5: character U+2028 cannot be sent: remove it"],
    ),
    "no letter": (
        edited("## Message\n\nDear [Legislator],\n[First Name]\n", ""),
        ['9:1: no letter: write it under a heading "## Message"'],
    ),
    "a mistyped heading": (
        edited("## Message", "# message"),
        ['10:1: did you mean "## Message"? The letter goes under that heading'],
    ),
    "an empty letter": (
        edited("Dear [Legislator],\n[First Name]\n", ""),
        ['10:1: the letter under "## Message" is empty'],
    ),
    "a letter that is too long": (
        edited("Dear [Legislator],", f"Dear [Legislator], {'y' * 10_000}"),
        ["10:1: the letter is too long: 10,032 characters, 10,000 at most"],
    ),
    "two letters": (
        GOOD + "\n## Message\n\nAgain.\n",
        ['15:1: a second "## Message": a campaign has only one letter under each heading'],
    ),
    "a second title": (
        edited("Words.", "# Words"),
        ["8:1: only the title may be a first-level heading: use ## here"],
    ),
    "a number sign in a title, which begins a comment": (
        edited("A title", "We are #1"),
        [
            '2:15: what follows " #" is left out: put the whole text in "quotes", "We are '
            '#1", or a comment on its own line'
        ],
    ),
    "a number sign at the start of a title": (
        edited("A title", "#1 in the state"),
        ['2:7: title: "#" begins a comment, so this is empty: put the text in "quotes"'],
    ),
    "an indented key": (
        edited("campaign: A", "  campaign: A"),
        ["3:3: remove the spaces before campaign: a key begins its line"],
    ),
    "an indented key that has become the end of the line above": (
        given("  goal:500"),
        ["7:3: this line has become part of the text above: write goal: 500 without indent"],
    ),
    "a colon without a space": (
        given("goal:500"),
        ["7:6: put a space after the colon: goal: 500"],
    ),
    "a wide colon": (
        edited("title: A", "title\uff1aA"),
        ['2:6: "：" is not a colon to a computer: write title: A title'],
    ),
    "a dash without a space": (
        edited("[senator, representative]", "\n  -senator\n  -representative"),
        ["6:3: recipients: begin each line of a list with a hyphen and a space: - senator"],
    ),
    "a long dash that begins a list": (
        edited("[senator, representative]", "\n  \u2013 senator\n  \u2013 representative"),
        ["6:3: recipients: begin each line of a list with a hyphen and a space: - senator"],
    ),
    "a missing comma between recipients": (
        edited("[senator, representative]", "[senator representative]"),
        ["5:14: recipients: a comma is missing: write senator, representative"],
    ),
    "an apostrophe that ends a quotation": (
        edited("A title", "'Don't cut it'"),
        ['2:8: an apostrophe inside ends this quoted text: put the whole text in "double quotes"'],
    ),
    "quotation marks inside quotation marks": (
        edited("A title", '"He said "no" today"'),
        ["2:8: a quotation mark inside ends this quoted text: put the whole text in 'single quotes'"],
    ),
    "a bracket at the start of a title": (
        edited("A title", "[Urgent] Act now"),
        ['2:8: a text that begins with "[" must be in quotes: title: "[Urgent] Act now"'],
    ),
    "a star at the start of a title": (
        edited("A title", "**Act** now"),
        ['2:8: a text that begins with "*" must be in quotes: title: "**Act** now"'],
    ),
    "stars around a key": (
        edited("title: A title", "**title:** A title"),
        ["2:1: write title: without ** around it"],
    ),
    "a state in capitals": (
        given("state: MA"),
        ['7:8: state: write ma, in lowercase letters, for Massachusetts: not "MA"'],
    ),
    "a state by its name": (
        given("state: Massachusetts"),
        ['7:8: state: write ma, in lowercase letters, for Massachusetts: not "Massachusetts"'],
    ),
    "a word processor's quotation marks around a word": (
        given("status: \u201cpublished\u201d"),
        ["7:9: status: “ is no quotation mark to a computer: write published, without any"],
    ),
    "a word processor's quotation marks around a text with a colon": (
        edited("A title", "\u201cAct now: call\u201d"),
        ['2:8: “ is no quotation mark to a computer: write straight ones, "…"'],
    ),
    "a curly mark that ends a quotation": (
        edited("A title", '"Act now\u201d'),
        ['2:8: this quoted text ends with a curly ”: write " there'],
    ),
    "dashes that a word processor has changed": (
        GOOD.replace("---", "\u2014"),
        ['1:1: no front matter: the first line must be three dashes, "---", not —: a word processor has changed them'],
    ),
    "empty lines above the front matter": (
        f"\n\n{GOOD}",
        ['1:1: no front matter: the first line must be three dashes, "---": remove the empty lines above it'],
    ),
    "a Word file with a new name": (
        b"PK\x03\x04...",
        ["1:1: this is a word processor's file (or a zip), whatever its name: save it as plain text, UTF-8"],
    ),
    "rich text": (
        b"{\\rtf1 Words}",
        ["1:1: this is rich text (RTF), whatever its name: save it as plain text, UTF-8"],
    ),
    "UTF-16": (
        GOOD.encode("utf-16"),
        ["1:1: this is UTF-16 text, whatever its name: save it as plain text, UTF-8"],
    ),
    "a name in words of one's own": (
        written("[Your Name]"),
        ["13:1: unknown placeholder [Your Name]: write [First Name] [Last Name]"],
    ),
    "an office in words of one's own": (
        written("[Senator]"),
        ["13:1: unknown placeholder [Senator]: write [Legislator]"],
    ),
    "placeholders in Spanish": (
        written("[Nombre], [Su direcci\u00f3n]"),
        [
            "13:1: unknown placeholder [Nombre]: write [First Name] [Last Name]",
            "13:11: unknown placeholder [Su dirección]: write [Your Address]",
        ],
    ),
    "placeholders in Chinese": (
        written("\u3010\u59d3\u540d\u3011"),
        ["13:1: 【姓名】 is not filled in: write [First Name] [Last Name]"],
    ),
    "something nothing fills in": (
        written("[Insert your story here]"),
        ["13:1: unknown placeholder [Insert your story here]: nothing fills that in. Write it out, or leave it out"],
    ),
    "a placeholder with a non-breaking space": (
        written("[First\u00a0Name]"),
        ["13:1: [First\xa0Name] contains a non-breaking space: type the space anew"],
    ),
    "a placeholder that is not closed": (
        written("[First Name"),
        ['13:1: "[First Name" has no "]": write [First Name]'],
    ),
    "a placeholder that is not opened": (
        written("First Name]"),
        ['13:11: "First Name]" has no "[": write [First Name]'],
    ),
    "Mustache's placeholder": (
        written("I am {{ contact.first_name }}."),
        ["13:6: {{ contact.first_name }} is not filled in: write [First Name]"],
    ),
    "Mailchimp's placeholder": (
        written("I am *|FNAME|*."),
        ["13:6: *|FNAME|* is not filled in: write [First Name]"],
    ),
    "Word's placeholder": (
        written("I am \u00abFirst_Name\u00bb."),
        ["13:6: «First_Name» is not filled in: write [First Name]"],
    ),
    "a placeholder in per cent signs": (
        written("I am %NAME%."),
        ["13:6: %NAME% is not filled in: write [First Name] [Last Name]"],
    ),
    "a placeholder in round brackets": (
        written("I am (First Name)."),
        ["13:6: (First Name) is not filled in: write [First Name]"],
    ),
    "a placeholder in angle brackets": (
        written("I am <Name>."),
        ["13:6: <Name> is not filled in: write [First Name] [Last Name]"],
    ),
    "a line to fill in": (
        written("I live in ________."),
        ["13:11: ________ is not filled in: nothing fills that in: write it out, or leave it out"],
    ),
    "Markdown in the letter": (
        written("**Act** now"),
        ["13:1: **Act** is Markdown: letters are plain text, and offices would read the **. Write Act"],
    ),
    "a heading in the letter": (
        written("# Act now"),
        ["13:1: a Markdown heading: letters are plain text, and offices would read the #. Write the words alone"],
    ),
    "a link in the letter": (
        written("See [the bill](https://malegislature.gov/)."),
        [
            "13:5: a Markdown link: letters are plain text, and offices would read the "
            "brackets. Write the bill (https://malegislature.gov/)"
        ],
    ),
    "HTML in the letter": (
        written("one<br>two"),
        ["13:4: <br> is HTML: letters are plain text, and offices would read it. Remove it"],
    ),
    "an HTML entity in the letter": (
        written("one&nbsp;two"),
        ["13:4: &nbsp; is HTML: letters are plain text, and offices would read it. Write a space"],
    ),
    "letters of another encoding": (
        written("don\u00e2\u20ac\u2122t"),
        ["13:4: â€™ comes from a file in another encoding: copy the text again, as UTF-8"],
    ),
    "a placeholder in the title": (
        edited("A title", "Write from [Town]"),
        ["2:8: title: [Town] is filled in only in the subject and the letter: write it out"],
    ),
    "another program's placeholder in the title": (
        edited("A title", "Write from {{town}}"),
        ["2:8: title: {{town}} is not filled in: write [Town]"],
    ),
    "HTML in the title": (
        edited("A title", "Tom &amp; Ann"),
        ["2:8: title: &amp; is HTML: this is plain text, and people would read it. Write &"],
    ),
    "a placeholder in the argument": (
        argued("Hello [First Name]."),
        ["8:7: [First Name]: nobody fills that in here; only the letter has placeholders"],
    ),
    "another program's placeholder in the argument": (
        argued("Hello {{name}}."),
        ["8:7: {{name}}: nobody fills that in here; only the letter has placeholders"],
    ),
    "a name in angle brackets in the argument": (
        argued("Hello <Name>."),
        ["8:7: <name> is no HTML, and disappears: write the words without < and >"],
    ),
    "a script": (
        argued("<script>go()</script>"),
        ["8:1: <script> does not work here: no script of yours runs on the page: remove it"],
    ),
    "a frame": (
        argued('<iframe src="https://video.example"></iframe>'),
        [
            "8:1: <iframe> does not work here: nothing from elsewhere is shown on the page: "
            "write a link, like [the video](https://…)"
        ],
    ),
    "a video": (
        argued('<video src="film.mp4"></video>'),
        ["8:1: <video> does not work here: nothing is played on the page: write a link, like [the video](https://…)"],
    ),
    "a form": (
        argued('<form action="https://elsewhere.example"></form>'),
        ["8:1: <form> does not work here: the page has its own form: remove it, or write a link"],
    ),
    "an event handler": (
        argued('<b onclick="go()">Go</b>'),
        ["8:1: onclick= does not work here: no script of yours runs on the page. Remove it"],
    ),
    "an inline style": (
        argued('<p style="color: red">Red</p>'),
        ['8:1: style="…" on <p> has no effect: the page has its own style: remove it'],
    ),
    "a stylesheet": (
        argued("<style>p { color: red }</style>"),
        ["8:1: <style> does not work here: the page has its own style: remove it"],
    ),
    "Word's tags": (
        argued("Words.<o:p></o:p>"),
        [
            "8:7: <o:p> comes from a web page or a word processor: paste the text without formatting",
            "8:12: </o:p> comes from a web page or a word processor: paste the text without formatting",
        ],
    ),
    "Word's classes": (
        argued('<p class="MsoNormal">Words.</p>'),
        ["8:1: <p> comes from a web page or a word processor: paste the text without formatting"],
    ),
    "a tag that is not ended": (
        argued("<div>\nWords."),
        ["8:1: <div> is not ended, and would swallow the form below: write </div>"],
    ),
    "an end without a tag": (
        argued("Words.</div>"),
        ["8:7: </div> ends something that the page has begun: remove it"],
    ),
    "a comment that is not ended": (
        argued("<!-- Words."),
        ["8:1: this comment is not closed, and hides the rest of the page: end it with -->"],
    ),
    "a null character": (
        argued("Wo\0rds"),
        ["8:3: character U+0000 cannot be shown: remove it"],
    ),
    "a link to a page that is not there": (
        argued("[More](/campaigns/god/)"),
        ["8:8: this site has no page /campaigns/god/: did you mean /campaigns/good/?"],
    ),
    "a link to a file that is not there": (
        argued("[More]({filename}god.md)"),
        ["8:8: no file campaigns/god.md: did you mean {filename}/campaigns/good.md?"],
    ),
    "a link to a Markdown file": (
        argued("[More](good.md)"),
        ["8:8: write {filename}/campaigns/good.md"],
    ),
    "a link to a heading that is not there": (
        argued("## Why\n\n[More](#wy)"),
        ["10:8: nothing on this page is called #wy: use one of #why, #letter"],
    ),
    "a link without its beginning": (
        argued("[More](www.example.com/page)"),
        ["8:8: write https://www.example.com/page"],
    ),
    "a link to an e-mail address": (
        argued("[Us](us@example.org)"),
        ["8:6: write mailto:us@example.org"],
    ),
    "a link to nowhere": (
        argued("[More]()"),
        ["8:1: this link leads nowhere: write the address between the round brackets"],
    ),
    "a link that runs a script": (
        argued("[More](javascript:go())"),
        ["8:8: no script of yours runs on the page: write a link to a page, with https://"],
    ),
    "a link to one's own machine": (
        argued("[More](file:///C:/more.docx)"),
        ["8:8: this file is on your own machine: nobody else can open it. Put it into content/images/"],
    ),
    "a mistyped link": (
        argued("[More](htps://example.com/)"),
        ['8:8: "htps:" is mistyped: write https:'],
    ),
    "a link with a space in the middle": (
        argued("[More] (https://example.com/)"),
        ["8:6: this is no link: write [words](address), without a space between or inside"],
    ),
    "a picture that is not there": (
        argued("![A pond]({static}/images/pond.jpg)"),
        ["8:11: no file content/images/pond.jpg: put it into content/images/"],
    ),
    "a picture from elsewhere": (
        argued("![A pond](https://example.com/pond.jpg)"),
        [
            "8:11: the page shows no pictures from elsewhere, which would tell others who "
            "reads it: put it into content/images/ and write ![what it shows]({static}/images/name.jpg)"
        ],
    ),
    "a picture in the text": (
        argued("![A pond](data:image/png;base64,AAAA)"),
        [
            "8:11: the page shows no pictures from inside its text: save it as a file in "
            "content/images/ and write ![what it shows]({static}/images/name.jpg)"
        ],
    ),
    "a picture without its folder": (
        argued("![A pond](pond.jpg)"),
        ["8:11: write {static}/images/pond.jpg, and put the picture into content/images/"],
    ),
    "a second title, underlined": (
        argued("Words\n==="),
        ["8:1: the === below makes this a heading: put an empty line above it, or write ## in front"],
    ),
    "a session that is not there": (
        given("session: 250"),
        ['7:10: session: there is no session "250". Use one of: 194, 195, 196, 197, 198'],
    ),
    "a session in words": (
        given("session: this one"),
        ["7:10: session: this must be a session's number or year, like 194 or 2025"],
    ),
    "a chair of no chamber": (
        edited("senator,", "committee:Judiciary/hose,"),
        [
            '5:14: recipients: "hose" is no chamber: write committee:Judiciary/senate, '
            "committee:Judiciary/house, or neither"
        ],
    ),
    "a chair whom a committee has not": (
        edited("senator,", "committee:House Ethics/senate,"),
        ['5:14: recipients: the only chair of "House Ethics" is from the house: write committee:House Ethics'],
    ),
    "a key without a colon": (
        edited("title: A title", "title A title"),
        ["2:6: put a colon and a space after the key: title: A title"],
    ),
    "a semicolon for a colon": (
        edited("title: A title", "title; A title"),
        ["2:6: put a colon and a space after the key: title: A title"],
    ),
    "a list of stars": (
        edited("[senator, representative]", "\n  * senator\n  * representative"),
        ['6:3: "*" begins no list here: write a hyphen and a space'],
    ),
    "semicolons between recipients": (
        edited("[senator, representative]", "[senator; representative]"),
        ["5:14: recipients: a comma is missing: write senator, representative"],
    ),
    "an apostrophe at the start of a title": (
        edited("A title", "'tis the season"),
        ['2:8: a text that begins with an apostrophe must be in "double quotes": title: "\'tis the season"'],
    ),
    "an exclamation mark at the start of a title": (
        edited("A title", "!Act now"),
        ['2:8: "!" at the start of a text is left out, with its word: put the whole text in "quotes"'],
    ),
    "a name beside the address": (
        given("organiser: Ana <ana@example.org>"),
        ["7:12: organiser: write the e-mail address alone: ana@example.org"],
    ),
    "placeholders in small letters and in capitals": (
        written("[first name], (first name) or [FIRST NAME]"),
        [
            "13:1: unknown placeholder [first name]: write [First Name]",
            "13:15: (first name) is not filled in: write [First Name]",
            "13:31: unknown placeholder [FIRST NAME]: write [First Name]",
        ],
    ),
    "a placeholder of several words": (
        written("[Sen./Rep. Last Name], [Nome do Senador] and [City, State ZIP]"),
        [
            "13:1: unknown placeholder [Sen./Rep. Last Name]: write [Legislator]",
            "13:24: unknown placeholder [Nome do Senador]: write [Legislator]",
            "13:46: unknown placeholder [City, State ZIP]: write [Your Address]",
        ],
    ),
    "doubled brackets": (
        written("[[First Name]]"),
        ["13:1: [[First Name]] is not filled in: write [First Name]"],
    ),
    "a backslash at the end of a line": (
        written("One\\\ntwo"),
        ["13:4: \\ is Markdown: letters are plain text, and offices would read the \\. Remove it"],
    ),
    "a table in the letter": (
        written("| a | b |\n|---|---|\n| 1 | 2 |"),
        ["14:1: a Markdown table: letters are plain text, and offices would read the lines. Write sentences or a list"],
    ),
    "a link without its colon": (
        argued("[More](https//example.com/)"),
        ["8:8: write https://example.com/"],
    ),
    "a link in quotation marks": (
        argued("[More](\u201chttps://example.com/\u201d)"),
        ["8:6: remove the quotation marks around the address"],
    ),
    "a link to a page by another's spelling": (
        argued("[More](/Privacy/)"),
        ["8:8: this site has no page /Privacy/: did you mean /privacy/?"],
    ),
    "a picture with a handler": (
        argued('<img src="/images/a.png" alt="A" onerror="go()">'),
        [
            "8:1: no file content/images/a.png: put it into content/images/",
            "8:1: onerror= does not work here: no script of yours runs on the page. Remove it",
        ],
    ),
    "a link to one's own relay": (
        argued("[More](http://127.0.0.1:8000/)"),
        ["8:8: 127.0.0.1:8000 is your own machine: nobody else can open it"],
    ),
    "a handler in braces": (
        argued("[More](/privacy/){: onclick=go() }"),
        ["8:18: onclick= does not work here: the page runs no script and has its own style. Remove it"],
    ),
    "a picture with a space in its name": (
        argued("![A pond](my pond.jpg)"),
        ["8:9: this is no link: write [words](address), without a space between or inside"],
    ),
}
# The same for what somebody may mean: warnings.
ODD: dict[str, tuple[str, list[str]]] = {
    "a word processor's quotation marks around a title": (
        edited("A title", "\u201cAct now\u201d"),
        ["2:8: title: people will see the marks “ and ” around this: remove them unless you quote it"],
    ),
    "a shouting subject": (
        edited("A subject", "PLEASE ACT NOW TODAY"),
        ['6:10: subject: this shouts, and filters take it for spam: write it like "Please act now today"'],
    ),
    "exclamation marks": (
        edited("A subject", "Act now!!!"),
        ["6:10: subject: !!! looks like spam to filters: one sign is enough"],
    ),
    "no greeting": (
        edited("Dear [Legislator],\n", "I write to you.\n"),
        ["12:1: no greeting: begin the letter with Dear [Legislator],"],
    ),
    "a greeting that fits one of two": (
        edited("Dear [Legislator],", "Dear Senator,"),
        ['12:6: every office gets this greeting, "Senator" or not: write Dear [Legislator],'],
    ),
    "no signature": (
        edited("[First Name]\n", "Thank you.\n"),
        ["13:1: no signature: end the letter with [First Name] [Last Name]"],
    ),
    "a word in stars in the letter": (
        written("I *really* mean it."),
        ["13:3: *really* is Markdown: letters are plain text, and offices would read the *. Write really"],
    ),
    "an office in round brackets": (
        written("Ask Ann Day (Senator)."),
        ["13:13: (Senator) is not filled in: write [Legislator]"],
    ),
    "a last day that is over": (
        given("closes: 2025-06-30"),
        [
            "7:9: closes: the campaign is over since 2025-06-30, and its page has no form. "
            "Write a later day, or `outcome:`"
        ],
    ),
    "a last day years away": (
        given("closes: 2062-06-30"),
        ["7:9: closes: 2062-06-30 is years away: is the year right?"],
    ),
    "an outcome while it is open": (
        given("outcome: We won."),
        ["7:10: outcome: nobody sees this while the campaign is open: add `closes:` with its last day, or remove it"],
    ),
    "bills without a session": (
        given("bills: [H.1]"),
        ["7:8: bills: they die with their session: add session: 194, and you are told when that ends"],
    ),
    "bills of a session that is over": (
        given("bills: [H.1]\nsession: 193"),
        ["8:10: session: it is over, and its bills are dead: look up the new numbers and write session: 194"],
    ),
    "a campaign that outlives its session": (
        given("bills: [H.1]\nsession: 194\ncloses: 2027-03-01"),
        [
            "9:9: closes: the session ends on 2027-01-05, and the bills with it: write that "
            "day, or watch for new numbers"
        ],
    ),
    "a link that others can read": (
        argued("[More](http://example.com/)"),
        ["8:8: anybody on the way can read or change http: pages: write https://example.com/"],
    ),
    "a link that Google watches": (
        argued("[More](https://www.google.com/url?q=https://example.com/a&sa=D)"),
        ["8:8: www.google.com would learn who follows this link: write https://example.com/a"],
    ),
    "a note to oneself": (
        argued("<!-- ask Ann -->"),
        ["8:1: everybody can read this comment in the page's source: is that meant?"],
    ),
    "dashes that make a heading": (
        argued("Words.\n---\nMore."),
        ["8:1: the --- below makes this a heading: put an empty line above it, or write ## in front"],
    ),
    "spaces that make typewriter text": (
        argued("Words.\n\n    More."),
        ["10:1: spaces or a tab at the start of a line make it typewriter text: remove them"],
    ),
    "bullets that make no list": (
        argued("\u2022 One\n\u2022 Two"),
        ["9:1: • makes no list, and the lines run together: write a hyphen, -"],
    ),
    "stars that make nothing bold": (
        argued("**Act ** now."),
        ["8:1: the page shows this **: leave no space between it and the word, and no HTML around it"],
    ),
    "a tag out of use": (
        argued("<center>Words.</center>"),
        ["8:1: <center> is out of use: remove it, or write **bold** or *italic*"],
    ),
    "what somebody meant to write later": (
        written("TODO: add the story. XXX"),
        [
            '13:1: "TODO" seems to be left over: write what belongs here, or remove it',
            '13:22: "XXX" seems to be left over: write what belongs here, or remove it',
        ],
    ),
    "a list in a list that is not indented enough": (
        argued("- One\n  - two"),
        ["9:1: put four spaces before a list inside a list's item, or it does not belong to it"],
    ),
    "a paragraph in a list that is not indented enough": (
        argued("- One\n\n  two\n- three"),
        ["10:1: put four spaces before a paragraph of a list's item, or it does not belong to it"],
    ),
    "a list numbered with brackets": (
        argued("1) One\n2) Two"),
        ["8:1: the page shows this 1): write 1. instead", "9:1: the page shows this 2): write 2. instead"],
    ),
    "words to strike through": (
        argued("~~One~~ two"),
        ["8:1: the page shows this ~~: write <del>words</del>"],
    ),
    "a backslash that ends a line": (
        argued("One\\\ntwo"),
        ["8:4: the page shows this \\: end the line with two spaces instead"],
    ),
    "a list inside HTML": (
        argued("<div>\n\n- One\n\n</div>"),
        ["10:1: the page shows this -: put an empty line above the list, and no HTML around it"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_reported_with_position_problem_and_fix(name: str, project: Path) -> None:
    content, expected = CASES[name]
    path = project / "content/campaigns/bad.md"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [f"content/campaigns/bad.md:{line}" for line in expected]


@pytest.mark.parametrize("name", ODD)
def test_what_somebody_may_mean_is_a_warning_with_position_and_fix(name: str, project: Path) -> None:
    content, expected = ODD[name]
    (project / "content/campaigns/bad.md").write_text(content)
    warnings = read_content(Path("content"), "en", TODAY).warnings
    assert [str(warning) for warning in warnings] == [f"content/campaigns/bad.md:{line}" for line in expected]


def test_plain_pelican_lists_every_error_of_every_file_and_fails(project: Path, pelican: Pelican) -> None:
    expected = []
    for number, (content, lines) in enumerate(CASES.values()):
        path = project / f"content/campaigns/bad-{number:03}.md"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        expected += [f"content/campaigns/{path.name}:{line}" for line in lines]
    run = pelican("--fatal", "errors")
    assert run.returncode == 1
    assert run.stderr.splitlines() == expected
    assert not (project / "output").exists()


def test_file_names_that_cannot_be_urls(project: Path) -> None:
    folder = project / "content/campaigns"
    for name in ("Fair_Rent.md", "good.en.md", "good.E.md", "lone.es.md"):
        (folder / name).write_text(GOOD if name == "Fair_Rent.md" else "---\ntitle: A title\n---\n")
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        'content/campaigns/Fair_Rent.md:1:1: "Fair_Rent" cannot be used in a URL: '
        "use lowercase letters, digits and hyphens, like fair-rent.md",
        'content/campaigns/good.E.md:1:1: "E" is not a language tag: '
        "name a translation like good.es.md or good.zh-hans.md",
        'content/campaigns/good.en.md:1:1: "en" is the first language: name the file good.md',
        "content/campaigns/lone.es.md:1:1: a translation without an original: lone.md is missing",
    ]


def test_two_files_with_the_same_slug_are_refused(project: Path) -> None:
    (project / "content/campaigns/2026").mkdir()
    (project / "content/campaigns/2026/good.md").write_text(GOOD)
    with pytest.raises(ContentError, match=r"good\.md:1:1: content/.*/good\.md is the same campaign: keep one"):
        read_content(Path("content"), "en", TODAY)


def test_a_file_with_a_wrong_extension_is_reported(project: Path) -> None:
    folder = project / "content/campaigns"
    for name in ("rent.md.txt", "rent.es.markdown", "HEAT.MD", ".swap.txt"):
        (folder / name).write_text(GOOD)
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        "content/campaigns/HEAT.MD:1:1: this file is ignored: rename it to HEAT.md",
        "content/campaigns/rent.es.markdown:1:1: this file is ignored: rename it to rent.es.md",
        "content/campaigns/rent.md.txt:1:1: this file is ignored: rename it to rent.md",
    ]


def test_a_translation_may_not_change_shared_values(project: Path) -> None:
    (project / "content/campaigns/good.es.md").write_text(
        "---\ntitle: Título\ngoal: 5\n---\n\n## Message\n\n[Pueblo]\n"
    )
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        'content/campaigns/good.es.md:3:1: "goal" belongs in the first language\'s file; translations inherit it',
        "content/campaigns/good.es.md:8:1: unknown placeholder [Pueblo]: write [Town]",
    ]


def test_pages_are_checked_too(project: Path) -> None:
    pages = project / "content/pages"
    pages.mkdir()
    (pages / "about.md").write_text("---\nsumary: Who we are\n---\nUs.\n")
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        'content/pages/about.md:1:1: the required key "title" is missing',
        'content/pages/about.md:2:1: unknown key "sumary". Did you mean "summary"?',
    ]


def test_problems_in_a_closed_campaign_are_warnings(project: Path) -> None:
    (project / "content/campaigns/old.md").write_text(given("closes: 2025-06-30\noutcome: We won.\ncolour: red"))
    content = read_content(Path("content"), "en", TODAY)
    assert [campaign.slug for campaign in content.campaigns] == ["good", "old"]
    assert [str(warning) for warning in content.warnings] == [
        f'content/campaigns/old.md:9:1: unknown key "colour". Use one of: {", ".join(KEYS)}.'
    ]


def test_a_closed_campaign_that_no_longer_parses_is_left_out(project: Path, pelican: Pelican) -> None:
    (project / "content/campaigns/old.md").write_text(
        given("closes: 2025-06-30\noutcome: We won.").replace("subject: A subject\n", "")
    )
    run = pelican("--fatal", "errors")
    assert (run.returncode, run.stderr) == (
        0,
        'warning: content/campaigns/old.md:1:1: the required key "subject" is missing\n',
    )
    assert not (project / "output/campaigns/old").exists()


def test_an_empty_translation_warns_and_inherits(project: Path) -> None:
    (project / "content/campaigns/good.es.md").touch()
    content = read_content(Path("content"), "en", TODAY)
    assert [str(warning) for warning in content.warnings] == [
        "content/campaigns/good.es.md:1:1: empty translation: the page shows the first language"
    ]
    spanish = content.campaigns[0].texts["es"]
    assert (spanish.title, spanish.url) == ("A title", "/es/campaigns/good/")


def test_windows_line_endings_and_a_byte_order_mark_are_accepted(project: Path) -> None:
    path = project / "content/campaigns/good.md"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    (campaign,) = read_content(Path("content"), "en", TODAY).campaigns
    assert campaign.texts["en"].message == "Dear [Legislator],\n[First Name]"


FINE = {
    "a comment after a word": given("status: published   # not yet: draft"),
    "non-breaking spaces around a colon": edited("title: A", "title:\u00a0A"),
    "brackets in quotation marks": edited("A title", '"[Urgent] Act now"'),
    "quotation marks in a title": edited("A title", "Say \u201cno\u201d to cuts"),
    "a list in the letter": written("\n- one\n- two\n\n1. three\n\u2022 four"),
    "figures and signs in the letter": written(
        "As a study shows [1], 5 < 6 and A&B (S.1401, the town) agree: https://a.example/b_c_d."
    ),
    "a year that begins a line": argued("It was decided in\n1986. Then nothing happened."),
    "links that lead somewhere": argued(
        "[One](/campaigns/good/) [two]({filename}good.md) [three](/privacy/) [four](#letter) [five](#why) "
        "[six](https://malegislature.gov/Bills/194/H3573) [seven](mailto:us@example.org) [eight](tel:+16175551234)"
        "\n\n## Why"
    ),
    "HTML that works": argued(
        "<details><summary>More</summary>\n\nWords.\n\n</details>\n\nH<sub>2</sub>O<br>and <b>more</b>."
    ),
    "lists that work": argued(
        "- a\n  continued\n- b\n    - c\n\n    more\n- **Bold.** [d](/)\n\n> - e\n>\n> f"
        "\n\nterm\n: meaning\n\n`**`[^1]\n\n[^1]: g"
    ),
    "Markdown that works": argued(
        "> **One** *two* `three`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nRep. Day (R) said [so][1].\n\n[1]: /"
    ),
    "round brackets in the letter": written(
        "The city (the town, a name, the state) and Ann Day (D) (Boston) agree (see S.1401)."
    ),
    "words that only look like blanks": written(
        "My Name is on the list, I VOTE YES, and nobody put your trust here. ADD YOUR NAME TO THE LETTER."
    ),
    "a table, a footnote and references": argued(
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nOne[^1] [two][x].\n\n[^1]: y\n\n[x]: /"
    ),
    "a session by its years": given("bills: [H.1]\nsession: 2025-2026"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_right_raises_no_alarm(name: str, project: Path) -> None:
    (project / "content/campaigns/bad.md").write_text(FINE[name])
    assert read_content(Path("content"), "en", TODAY).warnings == ()


def test_a_list_right_after_a_paragraph_is_a_list(project: Path) -> None:
    (project / "content/campaigns/good.md").write_text(argued("We ask for:\n- one\n- two\n    - three"))
    (campaign,) = read_content(Path("content"), "en", TODAY).campaigns
    assert campaign.texts["en"].body_html.replace("\n", "") == (
        "<p>We ask for:</p><ul><li>one</li><li>two<ul><li>three</li></ul></li></ul>"
    )


def test_a_language_that_is_none_is_named_with_the_one_that_is_meant(project: Path) -> None:
    folder = project / "content/campaigns"
    meant = {"sp": "es", "spanish": "es", "spa": "es", "cn": "zh-hans", "jp": "ja", "vn": "vi", "espa\u00f1ol": "es"}
    for tag in meant:
        (folder / f"good.{tag}.md").write_text("---\ntitle: A title\n---\n")
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    said = {Path(problem.file).stem.partition(".")[2]: problem.text for problem in caught.value.problems}
    guessed = {tag: text.partition("name the file good.")[2].partition(".md")[0] for tag, text in said.items()}
    assert guessed == meant
    assert said["sp"] == '"sp" is not a language tag: name the file good.es.md for Spanish'


def test_a_language_without_our_words_or_a_privacy_page_is_a_warning(project: Path) -> None:
    (project / "content/campaigns/good.br.md").write_text("---\ntitle: A title\n---\n")
    assert [str(warning) for warning in read_content(Path("content"), "en", TODAY).warnings] == [
        'content/campaigns/good.br.md:1:1: "br" is Breton: the form, and all else that is not yours, will be in '
        "English. Did you mean good.pt.md, for Portuguese?",
        "content/campaigns/good.br.md:1:1: no privacy page in Breton: write content/pages/privacy.br.md; "
        "theme/builtin/privacy.md is the English one",
    ]


def test_files_that_nobody_reads_are_named(project: Path) -> None:
    content = project / "content"
    (content / "campaign").mkdir()
    (content / "images").mkdir()
    for name in ("campaign/rent.md", "rent.md"):
        (content / name).write_text(GOOD)
    for name in ("campaigns/rent.docx", "campaigns/pond.jpg", "images/flyer.pdf", "README.md", ".DS_Store"):
        (content / name).write_text("x")
    Image.new("RGB", (8, 8)).save(content / "images/pond.jpg")
    with (content / "images/pond.jpg").open("ab") as picture:
        picture.write(b"x" * (2_500_000 - picture.tell()))
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        "content/campaign/rent.md:1:1: this file is not read: move it to content/campaigns/ or content/pages/. "
        'Did you mean "campaigns"?',
        "content/rent.md:1:1: this file is not read: move it to content/campaigns/ or content/pages/.",
        "warning: content/campaigns/pond.jpg:1:1: pictures belong in content/images/: move it there, and write "
        "{static}/images/pond.jpg",
        "warning: content/campaigns/rent.docx:1:1: .docx files are not read: copy the text into rent.md, or move the "
        "file elsewhere",
        "warning: content/images/flyer.pdf:1:1: this file is not published: it is no picture that browsers show, and "
        "no page links to it",
        "warning: content/images/pond.jpg:1:1: 2,500,000 bytes are slow on a phone, 300,000 at most: make the picture "
        "1,600 pixels wide at most, and save it as .jpg or .webp",
    ]


def test_a_picture_says_what_it_shows_and_is_one_that_browsers_show(project: Path) -> None:
    (project / "content/images").mkdir()
    for name in ("pond.jpg", "pond.heic"):
        Image.new("RGB", (8, 8)).save(project / "content/images" / name, "JPEG")
    text = "![]({static}/images/pond.jpg) ![IMG_0042.jpg](/images/pond.jpg) ![A]({static}/images/Pond.JPG) "
    (project / "content/campaigns/good.md").write_text(argued(f"{text}![A]({{static}}/images/pond.heic)"))
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        f"content/campaigns/good.md:8:{text.index('{static}/images/Pond') + 1}: no file content/images/Pond.JPG: "
        "did you mean {static}/images/pond.jpg?",
        f"content/campaigns/good.md:8:{len(text) + 6}: browsers do not show .heic pictures: save it as .jpg or .png",
        "warning: content/campaigns/good.md:8:5: say in the square brackets what the picture shows, for people who do "
        "not see it",
        f"warning: content/campaigns/good.md:8:{text.index('/images/pond.jpg) ![A') + 1}: "
        '"IMG_0042.jpg" does not say what the picture shows, for people who do not see it',
    ]


def test_a_translation_that_was_left_behind_is_named(project: Path) -> None:
    folder = project / "content/campaigns"
    argument = "Words of H.3573 in 2026.\n\nMore words, for 2,000 people."
    letter = "Dear [Legislator],\n\nOne.\n\nTwo.\n\n[First Name]"
    (folder / "good.md").write_text(GOOD.replace("Words.", argument).partition("Dear")[0] + letter)
    translated = "---\ntitle: Un t\u00edtulo\n---\n{}\n\n## Message\n\n{}\n"
    same = "Palabras de H.3573 en 2026.\n\nM\u00e1s palabras, para 2.000 personas."
    spanish = "[Legislator]:\n\nUno.\n\nDos.\n\n[First Name]"
    (folder / "good.es.md").write_text(translated.format(same, spanish))
    assert read_content(Path("content"), "en", TODAY).warnings == ()
    old = same.replace("3573", "1234").partition("\n\nM")[0]
    (folder / "good.es.md").write_text(translated.format(old, spanish.replace("Dos.\n\n", "")))
    changed = "in content/campaigns/good.md has changed:"
    assert [str(warning) for warning in read_content(Path("content"), "en", TODAY).warnings] == [
        f"content/campaigns/good.es.md:{line}"
        for line in (
            f"4:1: the argument {changed} it has 2 paragraphs, this one 1",
            f"4:1: the argument {changed} the bill H.1234 is only here",
            f"4:1: the argument {changed} the bill H.3573 is missing here",
            f"4:1: the argument {changed} the number 2000 is missing here",
            f"6:1: the letter {changed} it has 4 paragraphs, this one 3",
        )
    ]


def test_letters_to_a_chamber_that_a_legislature_lacks_are_refused(project: Path) -> None:
    (project / "files").mkdir()
    content, given = draft_recipe(named(project / "files", **one_chamber(project / "files")))
    build(make_recipe(project / "zz/recipe.json", content, project, given), project / "zz", lambda _: None)
    (project / "content/campaigns/good.md").write_text(GOOD)
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY, states=States({"zz": project / "zz"}))
    said = "recipients: the legislature of Zedland has one chamber: write senator"
    assert said in str(caught.value)


def test_our_own_content_and_its_translations_raise_no_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert read_content(Path("content"), "en", date(2026, 11, 30)).warnings == ()
