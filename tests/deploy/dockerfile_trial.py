"""Runs the steps of deploy/Dockerfile without Docker, in a Debian of its own, and posts a letter to what they make.

    python tests/deploy/dockerfile_trial.py /var/tmp/beaconpost-image

By hand, as root, on a machine with debootstrap and a network. It takes two minutes, and leaves a folder of 1 GB that
you may remove. The image's base, python:…-slim, is Debian's release with a Python built from source in /usr/local;
here it is the same Debian with its own Python, and a virtual environment in /usr/local. Nothing is mounted, and the
network is the machine's: port 8080 must be free.
"""

import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parents[2]
DEBIAN: Final = "trixie"  # what python:3.13-slim is made of
PACKAGES: Final = "python3,python3-venv,ca-certificates"
# A machine may reach package indexes by names and certificates of its own.
OF_THE_MACHINE: Final = ("etc/hosts", "etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt")
PATH: Final = "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"
LETTER: Final = {
    "first_name": "Ana", "last_name": "Silva", "email": "ana@mail.example", "city": "Chelsea", "zip": "02150",
    "subject": "From a container", "message": "Dear [Legislator],\nplease read this.\n[First Name]",
}  # fmt: skip


@dataclass
class Stage:
    """An image while its Dockerfile is followed."""

    root: Path
    user: str = "root"
    folder: str = "/"
    command: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def inside(self, *command: str, **given: str) -> list[str]:
        """A command of the host that runs one in the image."""
        variables = {"PATH": PATH, "HOME": "/root", **given, **self.environment}
        return [
            "chroot", f"--userspec={self.user}", str(self.root), "env", "-i", f"--chdir={self.folder}",
            *(f"{name}={value}" for name, value in variables.items()), *command,
        ]  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1])
    base = make_base(folder / "base")
    image = follow((SOURCE / "deploy/Dockerfile").read_text(), base, folder)
    site = folder / "site"
    shutil.rmtree(site, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "relay.cli", "build", "--output", str(site)], cwd=SOURCE, check=True)
    shutil.copytree(site, image.root / "site", dirs_exist_ok=True)
    settings = {"BEACONPOST_CAMPAIGNS": "/site/campaigns.json", "BEACONPOST_SECRET_KEYS": secrets.token_hex(32)}
    relay = subprocess.Popen(image.inside(*image.command, **settings), stderr=subprocess.PIPE, text=True)
    try:
        assert relay.stderr
        print(next(line for line in relay.stderr if "taking posts" in line), end="")
        post("http://127.0.0.1:8080/campaigns/safe-communities-act/letters")
        wait_for(image.root / "data/var/mail", 2)
        owners = {path.owner() for path in (image.root / "data").rglob("*")}
        assert owners != {"root"}, owners
    finally:
        relay.terminate()
        relay.wait()
    print("The image's steps run, its relay takes a letter, and both offices' copies are captured.")


def make_base(base: Path) -> Path:
    if not (base / "complete").exists():
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", DEBIAN, str(base)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for name in OF_THE_MACHINE:
            if Path("/", name).exists():
                shutil.copy(Path("/", name), base / name)
        subprocess.run(["chroot", str(base), "python3", "-m", "venv", "/usr/local"], check=True)
        (base / "complete").touch()
    return base


def follow(text: str, base: Path, folder: Path) -> Stage:
    """Do what the Dockerfile says. Returns its last stage."""
    stages: dict[str, Stage] = {}
    stage = Stage(base)
    for instruction, rest in instructions(text):
        print(f"{instruction} {rest}")
        match instruction:
            case "FROM":
                image, _, name = rest.partition(" AS ")
                assert re.fullmatch(r"python:[\d.]+-slim", image), "then make_base must differ, too"
                stage = stages[name] = Stage(folder / f"stage-{name or 'last'}")
                shutil.rmtree(stage.root, ignore_errors=True)
                subprocess.run(["cp", "-a", str(base), str(stage.root)], check=True)
            case "COPY":
                copy(rest, stage, stages)
            case "RUN":
                theirs = {name: value for name, value in os.environ.items() if name == "PIP_CERT"}
                subprocess.run(stage.inside("sh", "-ec", rest, **theirs), check=True)
            case "USER":
                stage.user = rest
            case "WORKDIR":
                stage.folder = rest
            case "ENV":
                stage.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
            case "CMD":
                stage.command = json.loads(rest)
            case "VOLUME" | "EXPOSE":
                pass
            case _:
                raise SystemExit(f"{instruction}: say here what it does")
    return stage


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction and what follows it; comments left out."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for line in lines.replace("\\\n", " ").splitlines():
        if line.strip():
            instruction, _, rest = line.partition(" ")
            yield instruction, rest.strip()


def copy(rest: str, stage: Stage, stages: dict[str, Stage]) -> None:
    """As Docker does: of a folder, what is in it."""
    *sources, target = rest.split()
    home = SOURCE
    if sources[0].startswith("--from="):
        home = stages[sources.pop(0).removeprefix("--from=")].root
    for source in sources:
        path, place = home / source.lstrip("/"), stage.root / target.lstrip("/")
        if path.is_dir():
            shutil.copytree(path, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            if target.endswith("/"):
                place.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)


def post(address: str) -> None:
    body = urllib.parse.urlencode(LETTER).encode()
    # As a browser does, or the writer would be asked first.
    headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
    request = urllib.request.Request(address, body, headers)
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 202, answer.status


def wait_for(folder: Path, letters: int) -> None:
    deadline = time.monotonic() + 60
    while sum(b"From a container" in path.read_bytes() for path in folder.glob("*.eml")) < letters:
        assert time.monotonic() < deadline, f"no {letters} letters in {folder}"


if __name__ == "__main__":
    main()
