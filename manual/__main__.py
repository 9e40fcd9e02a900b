"""`python -m manual`: build the handbook in var/docs/. `python -m manual reference`: write docs/reference.md anew."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from manual.reference import PATH, write_reference

OUTPUT: Final = Path("var/docs")
CONF: Final = Path(__file__).with_name("conf.py")


def main(words: list[str]) -> int:
    if words == ["reference"]:
        PATH.write_text(write_reference(), "utf-8")
        return 0
    output = Path(words[0]) if words else OUTPUT
    return subprocess.run(  # noqa: S603  (our own arguments)
        [sys.executable, "-m", "pelican", str(PATH.parent), "-s", str(CONF), "-o", str(output), "--fatal", "errors"],
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
