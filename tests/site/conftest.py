"""A project in a temp folder, and the repository's own site built once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from theme.site.build import build_site

ROOT = Path(__file__).parents[2]
EPOCH = "1767225600"  # 2026-01-01T00:00:00Z

GOOD = """\
---
title: A title
campaign: A campaign
action: An action
recipients: [senator, representative]
subject: A subject
---
Words.

## Message

Dear [Legislator],
[First Name]
"""

Pelican = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An organizer's folder with pelicanconf.py and one valid campaign, and the test's working directory."""
    shutil.copy(ROOT / "pelicanconf.py", tmp_path)
    campaigns = tmp_path / "content" / "campaigns"
    campaigns.mkdir(parents=True)
    (campaigns / "good.md").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def pelican(project: Path) -> Pelican:
    """Run plain Pelican in the project, as by hand."""

    def run(
        *options: str, conf: str = "pelicanconf.py", env: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "pelican", "content", "-s", conf, *options]
        environ = os.environ | {"SOURCE_DATE_EPOCH": EPOCH} | (env or {})
        return subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True)

    return run


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's content as published: site and relay on two origins."""
    output = tmp_path_factory.mktemp("site") / "output"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOURCE_DATE_EPOCH", EPOCH)  # the second sample will close; its page is tested open
        build_site(ROOT / "content", output, "https://campaign.example", "https://relay.example")
    return output
