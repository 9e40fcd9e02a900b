"""`make audit`: whether any locked package has a known vulnerability.

pip-audit says "no known vulnerabilities found" and exits 0 also if it could look up nothing. This says what it audited.
"""

import json
import subprocess
import sys

from supply_chain.locks import DEV_LOCK, RELAY_LOCK, read_lock

COMMAND = ("-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")


def main() -> int:
    run = subprocess.run([sys.executable, *COMMAND, "-r", DEV_LOCK], capture_output=True, text=True, check=False)  # noqa: S603
    status, lines = judge(run.stdout, {pin.name for pin in read_lock(RELAY_LOCK)})
    print(*lines, sep="\n")
    return status


def judge(report: str, in_relay: set[str]) -> tuple[int, list[str]]:
    """The exit status and what to print. report: pip-audit's, in JSON; "" if it broke off. in_relay: package names."""
    packages = json.loads(report)["dependencies"] if report.strip().startswith("{") else []
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        return 0, ["Nothing was audited: the vulnerability service cannot be reached. Run this where it can."]
    lines = [
        f"{package['name']} {package['version']} ({'relay' if package['name'] in in_relay else 'build and tests'}): "
        f"{found['id']}, fixed in {', '.join(found['fix_versions']) or 'no release yet'}"
        for package in audited
        for found in package["vulns"]
    ]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    unknown = [f"Not audited: {', '.join(skipped)}"] if skipped else []
    count = f"{len(audited)} of {len(packages)} locked packages audited, {len(lines)} known vulnerabilities"
    return int(bool(lines)), [*lines, *unknown, count]


if __name__ == "__main__":
    sys.exit(main())
