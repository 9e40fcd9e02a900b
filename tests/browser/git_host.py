"""A git host for the editor in `admin/`: as much of GitHub's API as it uses, with one repository, in memory.

The browser sends its requests to the real address; Playwright gives them to `GitHost.answer` instead of a network.
"""

import base64
import json
import re
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any, Final

from playwright.sync_api import Route

API: Final = "https://api.github.com"
REPOSITORY: Final = "group/campaign-site"
TOKEN: Final = "github_pat_of_a_test"
WHO: Final = {"login": "organizer", "name": "An Organizer", "email": None, "id": 1, "html_url": "", "avatar_url": ""}
WHEN: Final = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Commit:
    """What one save changed."""

    message: str
    written: dict[str, bytes]
    deleted: tuple[str, ...]


@dataclass
class GitHost:
    """files: of the branch `main`, by path. commits: what the editor has saved, oldest first."""

    files: dict[str, bytes]
    commits: list[Commit] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # requests that no test has met before
    refused: int = 0  # requests without the token

    def answer(self, route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(API).partition("?")[0]
        if request.method == "OPTIONS":
            allowed = {"Access-Control-Allow-Headers": "*", "Access-Control-Allow-Methods": "*"}
            route.fulfill(status=204, headers={"Access-Control-Allow-Origin": "*", **allowed})
        elif TOKEN not in request.headers.get("authorization", ""):
            self.refused += 1
            self._send(route, {"message": "Bad credentials"}, 401)
        elif path == "/graphql":
            asked = json.loads(request.post_data or "{}")
            self._send(route, {"data": self._query(asked["query"], asked.get("variables") or {})})
        elif path == "/user":
            self._send(route, WHO)
        elif path == f"/repos/{REPOSITORY}/collaborators/{WHO['login']}":
            route.fulfill(status=204, headers={"Access-Control-Allow-Origin": "*"})
        elif path.startswith(f"/repos/{REPOSITORY}/git/trees/"):
            tree = [
                {"path": name, "type": "blob", "mode": "100644", "sha": _oid(content), "size": len(content)}
                for name, content in sorted(self.files.items())
            ]
            self._send(route, {"sha": self._head(), "tree": tree, "truncated": False})
        elif path.startswith(f"/repos/{REPOSITORY}/git/blobs/"):
            content = self._blob(path.rpartition("/")[2])
            headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/octet-stream"}
            route.fulfill(status=200, body=content, headers=headers)
        else:
            self.unknown.append(f"{request.method} {request.url}")
            self._send(route, {"message": "Not Found"}, 404)

    def _query(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        if "createCommitOnBranch" in query:
            return {"createCommitOnBranch": {"commit": self._commit(query, variables["input"])}}
        found: dict[str, Any] = {}
        if "defaultBranchRef" in query:
            found["defaultBranchRef"] = {"name": "main"}
        for alias, oid, kind in re.findall(r'(\w+): object\(oid: "(\w+)"\) \{\s*\.\.\. on (\w+)', query):
            found[alias] = {"text": self._blob(oid).decode(), "isTruncated": False} if kind == "Blob" else None
        author = {"name": WHO["name"], "email": "organizer@example.org", "user": {"id": 1, "login": WHO["login"]}}
        node = {"oid": self._head(), "message": "The last one", "committedDate": WHEN, "author": author}
        ref = {"target": {"oid": self._head(), "history": {"nodes": [node]}}}
        for alias in re.findall(r"(?:(\w+):\s*)?\bref\(", query):
            found[alias or "ref"] = ref
        return {"repository": found}

    def _commit(self, query: str, given: dict[str, Any]) -> dict[str, Any]:
        assert given["branch"] == {"repositoryNameWithOwner": REPOSITORY, "branchName": "main"}
        assert given["expectedHeadOid"] == self._head()
        changes = given["fileChanges"]
        written = {item["path"]: base64.b64decode(item["contents"]) for item in changes["additions"]}
        deleted = tuple(item["path"] for item in changes["deletions"])
        self.commits.append(Commit(given["message"]["headline"], written, deleted))
        self.files = {path: text for path, text in self.files.items() if path not in deleted} | written
        made: dict[str, Any] = {"oid": self._head(), "committedDate": WHEN}
        for alias, path in re.findall(r'(file_\d+): file\(path: ("(?:[^"\\]|\\.)*")\)', query):
            made[alias] = {"oid": _oid(self.files[json.loads(path)])}
        return made

    def _head(self) -> str:
        return sha1(repr(sorted(self.files.items())).encode(), usedforsecurity=False).hexdigest()

    def _blob(self, oid: str) -> bytes:
        return next(content for content in self.files.values() if _oid(content) == oid)

    @staticmethod
    def _send(route: Route, answer: object, status: int = 200) -> None:
        route.fulfill(status=status, json=answer, headers={"Access-Control-Allow-Origin": "*"})


def _oid(content: bytes) -> str:
    return sha1(b"blob %d\0%s" % (len(content), content), usedforsecurity=False).hexdigest()
