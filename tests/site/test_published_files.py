"""What of the content folder becomes public: campaigns, pages, pictures, and what they link to. Nothing else."""

from pathlib import Path

import pytest
from PIL import Image

from relay.cli import main
from tests.site.conftest import GOOD
from theme.site.check import check_content

DRAFT = GOOD.replace("subject:", "organiser: lead@organizers.example\nstatus: draft\nsubject:")


def write(path: Path, data: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def say(project: Path) -> list[str]:
    """Faults and warnings."""
    result = check_content(project / "content")
    return [f"{problem.file}: {problem.text}" for problem in (*result.faults, *result.warnings)]


def test_only_pictures_and_what_pages_link_to_are_published(project: Path) -> None:
    content = project / "content"
    (content / "images").mkdir()
    Image.new("RGB", (8, 8)).save(content / "images/pond.jpg")
    for name in (
        "images/notes.docx",
        "images/members.csv",
        "images/.trash/old.txt",
        "files/bill.pdf",
        "files/other.pdf",
    ):
        write(content / name, "x")
    links = "[The bill]({static}/files/bill.pdf) and [notes](/images/notes.docx)."
    write(content / "campaigns/good.md", GOOD.replace("Words.", links))
    assert main(["build"]) == 0
    published = {path.relative_to(project / "output").as_posix() for path in project.glob("output/**/*")}
    assert {"images/pond.jpg", "images/notes.docx", "files/bill.pdf"} <= published
    assert not {"images/members.csv", "images/.trash", "files/other.pdf"} & published
    assert say(project) == [
        "content/files/other.pdf: .pdf files are not read: copy the text into other.md, or move the file elsewhere",
        "content/images/members.csv: this file is not published: it is no picture that browsers show, and no page "
        "links to it",
    ]


def test_a_text_among_the_pictures_stops_a_build(project: Path) -> None:
    write(project / "content/images/rent.md", DRAFT)
    assert main(["build"]) == 1
    assert say(project) == [
        "content/images/rent.md: this file is not read: move it to content/campaigns/ or content/pages/."
    ]


def test_what_is_hidden_stays_hidden(project: Path) -> None:
    write(project / "content/campaigns/.trash/old.md", GOOD)
    write(project / "content/pages/.versions/about.md", "---\ntitle: About\n---\nUs.\n")
    assert main(["build"]) == 0
    assert not (project / "output/campaigns/old").exists()
    assert not (project / "output/about").exists()


@pytest.mark.parametrize("name", ["phones", "es", "zh-hans", "embed", "campaigns", "for-offices", "admin"])
def test_a_page_cannot_take_the_place_of_one_that_the_site_makes(project: Path, name: str) -> None:
    write(project / f"content/pages/{name}.md", "---\ntitle: Mine\n---\nUs.\n")
    (said,) = say(project)
    assert said.startswith(f"content/pages/{name}.md: /{name}/ is ")
    assert "give this file another name" in said


@pytest.mark.parametrize("link", ["{filename}soon.md", "/campaigns/soon/"])
def test_a_public_page_does_not_tell_where_a_draft_is(project: Path, link: str) -> None:
    write(project / "content/campaigns/soon.md", DRAFT)
    write(project / "content/campaigns/good.md", GOOD.replace("Words.", f"[Soon]({link})"))
    assert say(project) == [
        "content/campaigns/good.md: this is a draft, whose address only its testers shall know: publish it first, or "
        "remove the link"
    ]
    write(project / "content/campaigns/good.md", DRAFT.replace("Words.", f"[Soon]({link})"))
    assert say(project) == ["content/campaigns: visitors find no campaign to take part in: all are draft"]


def test_a_damaged_picture_stops_a_build_if_a_page_shows_it(project: Path) -> None:
    content = project / "content"
    (content / "images").mkdir()
    Image.effect_noise((200, 200), 80).save(content / "images/half.jpg")
    whole = (content / "images/half.jpg").read_bytes()
    write(content / "images/half.jpg", whole[: len(whole) // 2])
    write(content / "images/logo.svg", "<svg")
    write(content / "campaigns/good.md", GOOD.replace("Words.", "![A pond]({static}/images/half.jpg)"))
    result = check_content(content)
    damaged = "this picture is damaged: no program can show it. Save it anew"
    assert [(problem.file, problem.text) for problem in result.faults] == [("content/images/half.jpg", damaged)]
    assert [(problem.file, problem.text) for problem in result.warnings] == [("content/images/logo.svg", damaged)]
