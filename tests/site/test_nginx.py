"""deploy/nginx.conf on a real nginx, serving a built site. NGINX names the program, if it is not on the path."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx2
import pytest

from tests.site.conftest import ROOT

NGINX: Final = os.environ.get("NGINX") or shutil.which("nginx") or "/usr/sbin/nginx"
_KINDS: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")  # of temporary files
pytestmark = pytest.mark.skipif(not Path(NGINX).is_file(), reason="nginx is not installed")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def secure(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port where the site is served by TLS. The configuration is ours, but for ports, folders and certificate."""
    folder = tmp_path_factory.mktemp("nginx")
    subject = ["-subj", "/CN=campaign.example", "-days", "1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, *files], check=True,
                   capture_output=True)  # fmt: skip
    port, plain = free_port(), free_port()
    ours = (ROOT / "deploy/nginx.conf").read_text()
    ours = re.sub(r"^\s*listen \[::\].*\n", "", ours, flags=re.MULTILINE)
    ours = re.sub(r"ssl_certificate_key .*;", f"ssl_certificate_key {folder}/key.pem;", ours)
    ours = re.sub(r"ssl_certificate .*;", f"ssl_certificate {folder}/cert.pem;", ours)
    ours = ours.replace("listen 443", f"listen 127.0.0.1:{port}").replace("listen 80;", f"listen 127.0.0.1:{plain};")
    (folder / "site.conf").write_text(ours.replace("/srv/beaconpost/output", str(site)))
    temp = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.getuid() == 0 else ''} daemon off; pid {folder}/pid; error_log stderr; events {{}}"
        f" http {{ types {{ text/html html; text/css css; text/javascript js; }} {temp} include {folder}/site.conf; }}"
    )
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            yield port
        finally:
            server.terminate()


@pytest.fixture
def client(secure: int) -> Iterator[httpx2.Client]:
    headers = {"Host": "campaign.example"}
    transport = httpx2.HTTPTransport(verify=False, retries=10)  # it may still be starting
    with httpx2.Client(base_url=f"https://127.0.0.1:{secure}", headers=headers, transport=transport) as client:
        yield client


def test_pages_have_the_headers_that_only_a_server_can_send(client: httpx2.Client) -> None:
    page = client.get("/campaigns/safe-communities-act/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert page.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert "cache-control" not in page.headers
    embedded = client.get("/embed/safe-communities-act/")
    assert embedded.headers["content-security-policy"] == "frame-ancestors 'self'"


def test_files_with_a_fingerprint_are_kept_for_a_year(client: httpx2.Client) -> None:
    page = client.get("/").text
    asset = re.findall(r"/theme/[\w.-]+", page)[0]
    assert client.get(asset).headers["cache-control"] == "public, max-age=31536000, immutable"


def test_what_is_missing_is_said_in_the_folders_language(client: httpx2.Client) -> None:
    for path, tag in (("/nope/", "en"), ("/es/nope/", "es"), ("/zh-hans/campaigns/nope/", "zh-hans")):
        missing = client.get(path)
        assert missing.status_code == 404
        assert f'<html lang="{tag}"' in missing.text
    assert client.get("/.nojekyll").status_code == 404
