"""A loopback GitHub over TLS, with as much of its GraphQL as gh asks for around pull requests."""

from __future__ import annotations

import datetime
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class GitHubServer:
    """Holds the pull requests of one repository `o/n`; `requests` are the mutations it was sent."""

    def __init__(self, folder: Path) -> None:
        self.pulls: list[dict[str, Any]] = []
        self.heads: dict[str, str] = {}
        self.requests: list[str] = []
        self.certificate = folder / "server.pem"
        key = _write_certificate(self.certificate)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.host = f"localhost:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._http.shutdown()
        self._http.server_close()

    def add(self, branch: str) -> None:
        """An open pull request that somebody made by hand."""
        self._create({"headRefName": branch, "title": "by hand", "body": "", "baseRefName": "main"})

    def answer(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The data of one GraphQL request."""
        if "UserCurrent" in query:
            return {"viewer": {"login": "tester"}}
        if "RepositoryInfo" in query:
            owned = {"id": "R1", "name": "n", "owner": {"login": "o"}, "defaultBranchRef": {"name": "main"}}
            return {"repository": owned | {"viewerPermission": "WRITE", "parent": None}}
        if "PullRequestList" in query or "PullRequestForBranch" in query:
            branch = variables.get("headBranch") or variables.get("headRefName")
            nodes = [self._shown(one) for one in self.pulls if one["headRefName"] == branch]
            page = {"hasNextPage": False, "endCursor": None}
            return {"repository": {"pullRequests": {"totalCount": len(nodes), "nodes": nodes, "pageInfo": page}}}
        if "PullRequestByNumber" in query:
            number = variables["pr_number"]
            return {"repository": {"pullRequest": self._shown(self.pulls[number - 1])}}
        if "PullRequestCreate" in query:
            self.requests.append("create")
            return {"createPullRequest": {"pullRequest": self._shown(self._create(variables["input"]))}}
        if "PullRequestUpdate" in query:
            self.requests.append("update")
            asked = variables["input"]
            one = next(one for one in self.pulls if one["id"] == asked["pullRequestId"])
            one.update({name: asked[name] for name in ("title", "body") if name in asked})
            return {"updatePullRequest": {"__typename": ""}}
        return {}

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        number = len(self.pulls) + 1
        kept = {name: asked[name] for name in ("headRefName", "title", "body", "baseRefName")}
        self.pulls.append(kept | {"id": f"PR{number}", "number": number, "state": "OPEN", "isDraft": False})
        return self.pulls[-1]

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        url = f"https://{self.host}/o/n/pull/{one['number']}"
        return one | {
            "url": url,
            "headRefOid": self.heads.get(one["headRefName"], ""),
            "headRepositoryOwner": {"login": "o"},
        }


def _handler(server: GitHubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({})

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self._send({"data": server.answer(asked["query"], asked.get("variables") or {})})

        def _send(self, value: Any) -> None:
            raw = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.send_header("X-Oauth-Scopes", "repo, read:org")
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _write_certificate(path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path = path.with_suffix(".key")
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return key_path
