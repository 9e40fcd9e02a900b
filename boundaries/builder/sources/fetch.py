"""Fetches sources from their publishers: politely, one at a time, resuming where it was interrupted.

`fetched.json` beside the files records what was fetched, when, and its checksum. A file is requested only if it has
changed since (If-None-Match, If-Modified-Since), and a partial one is completed (Range, If-Range). Whatever goes wrong,
the file fetched before stays as it was.
"""

import hashlib
import http.client
import json
import ssl
import urllib.error
import urllib.request
import zipfile
from datetime import date
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from boundaries.builder.sources.progress import Say
from boundaries.errors import SourceError

ATTEMPTS = 3  # of one file; each resumes where the last was interrupted
TIMEOUT = 60.0  # seconds without a byte
CHUNK = 1 << 16
RECORD = "fetched.json"
_LOCAL = {"127.0.0.1", "::1", "localhost"}


class Fetcher:
    """Manages a folder of fetched files. contact: an e-mail address that publishers may write to."""

    def __init__(self, folder: Path, contact: str, today: date, say: Say) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._contact, self._today, self._say = folder, contact, today, say
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=ssl.create_default_context()), _SafeRedirects()
        )
        self._known = _read_record(folder / RECORD)

    def get(self, name: str, url: str) -> Path:
        """The newest file of this name. SourceError says what the publisher answered, and what to do."""
        check_url(url)
        path, part = self._folder / name, self._folder / f"{name}.part"
        known = self._known.get(name, {})
        if known.get("url") != url or not path.exists():
            known = {}
        elif checksum(path) != known["sha256"]:
            self._say(f"{name}: changed here since it was fetched; fetching it again")
            known = {}
        short = ""
        for _ in range(ATTEMPTS):
            try:
                response = self._fetch(url, part, known)
            except (OSError, http.client.HTTPException) as error:
                short = f"cut short ({error or type(error).__name__})"
                continue
            if response is None:
                self._say(f"{name}: unchanged since {known['day']}")
                return path
            _validator(part).unlink(missing_ok=True)
            if wrong := wrong_kind(part, name):
                part.unlink()
                remedy = "open the URL in a browser; if it has moved, correct its url under sources in the recipe"
                raise SourceError(url, None, f"what came for {name} {wrong}", remedy)
            part.replace(path)
            self._known[name] = {"url": url, "day": self._today.isoformat(), "sha256": checksum(path)} | response
            self._write()
            self._say(f"{name}: fetched, {path.stat().st_size:,} bytes")
            return path
        kept = part.stat().st_size if part.exists() else 0
        remedy = f"{kept:,} bytes are kept: run it again to resume"
        raise SourceError(url, None, f"{name} was {short}, {ATTEMPTS} times", remedy)

    def days(self) -> dict[str, str]:
        """The day on which each file was fetched."""
        return {name: known["day"] for name, known in self._known.items()}

    def _fetch(self, url: str, part: Path, known: dict[str, str]) -> dict[str, str] | None:
        """Fetch into `part`, resuming after what is there. Returns the response's validators; None if nothing changed.

        OSError or HTTPException if it was interrupted.
        """
        headers = {"User-Agent": f"Beaconpost boundaries update ({self._contact})", "Accept-Encoding": "identity"}
        start = part.stat().st_size if part.exists() and _validator(part).exists() else 0
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": _validator(part).read_text("utf-8")}
        elif known:
            asked = (("If-None-Match", "etag"), ("If-Modified-Since", "modified"))
            headers |= {header: known[key] for header, key in asked if known.get(key)}
        try:
            with self._opener.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT) as response:  # noqa: S310
                _receive(response, part, start)
                return _validators(response.headers)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 304:
                    return None
                if error.code == 416:  # the partial file is longer than what is published now
                    part.unlink()
                    raise ConnectionError("what was published has changed") from None
                raise SourceError(
                    url, None, f"the publisher answers {error.code} {error.reason}", _remedy(error)
                ) from None
        except urllib.error.URLError as error:
            raise ConnectionError(str(error.reason)) from None

    def _write(self) -> None:
        draft = self._folder / f"{RECORD}.new"
        draft.write_text(json.dumps(self._known, indent=2, sort_keys=True) + "\n", "utf-8")
        draft.replace(self._folder / RECORD)


def _read_record(path: Path) -> dict[str, dict[str, str]]:
    """What was fetched before; empty if the record is missing or unreadable, so that everything is fetched again."""
    try:
        known: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known


def check_url(url: str) -> None:
    """SourceError unless it is https, or plain http to this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL):
        return
    raise SourceError(
        url, None, "cannot be fetched: only https is allowed", "correct the url under sources in the recipe"
    )


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never away from https."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:  # noqa: ANN401
        try:
            check_url(newurl)
        except SourceError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _receive(response: Any, part: Path, start: int) -> None:  # noqa: ANN401  (urllib says no type)
    """Write what arrives; OSError if less arrives than was announced."""
    if response.status == 206:
        content_range = str(response.headers.get("Content-Range", ""))
        if not content_range.startswith(f"bytes {start}-"):
            part.unlink()
            raise ConnectionError(f"a different range arrived than was requested ({content_range or 'not specified'})")
    else:
        start = 0
        _validator(part).unlink(missing_ok=True)
        part.unlink(missing_ok=True)
        validators = _validators(response.headers)
        strong = validators["etag"] if not validators["etag"].startswith("W/") else ""
        if strong or validators["modified"]:
            part.touch()
            _validator(part).write_text(strong or validators["modified"], "utf-8")
    with part.open(
        "ab" if start else "wb", buffering=0
    ) as out:  # unbuffered: what arrived is on disk, whatever happens
        got = 0
        while chunk := response.read1(CHUNK):
            got += len(chunk)
            out.write(chunk)
    length = response.headers.get("Content-Length")
    if length and got < int(length):
        raise ConnectionError(f"{start + got:,} of {start + int(length):,} bytes came")


def _validators(headers: Message) -> dict[str, str]:
    return {"etag": headers.get("ETag", ""), "modified": headers.get("Last-Modified", "")}


def _validator(part: Path) -> Path:
    """The file that records which version a partial file is of."""
    return part.with_name(f"{part.name}.of")


def _remedy(error: urllib.error.HTTPError) -> str:
    if error.code in (429, 503):
        wait = error.headers.get("Retry-After", "")
        return f"try again after {wait} seconds" if wait.isdigit() else "try again later"
    if error.code in (404, 410):
        return "find where the publisher keeps it now, and correct its url under sources in the recipe"
    return "try again later, or fetch it by hand and use --from"


def wrong_kind(path: Path, name: str) -> str:
    """What is wrong with a file that should be of the kind its name says; "" if nothing."""
    with path.open("rb") as stream:
        start = stream.read(512).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "is a web page"
    if not start:
        return "is empty"
    if name.lower().endswith(".zip") and not _is_whole(path):
        return "is not a complete ZIP archive"
    if name.lower().endswith(".gz") and not start.startswith(b"\x1f\x8b"):
        return "is not gzipped"
    return ""


def _is_whole(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.testzip() is None
    except (zipfile.BadZipFile, EOFError, OSError):
        return False


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
