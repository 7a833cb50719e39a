"""IAM Access Analyzer, which moto does not know at all: analyzers and their tags. It finds nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote

_held: dict[str, dict[str, Any]] = {}
_guard = threading.Lock()


class _Refused(Exception):
    def __init__(self, status: str, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def asked(environ: dict[str, Any]) -> bool:
    """True for a request that is signed for this service."""
    return "/access-analyzer/aws4_request" in str(environ.get("HTTP_AUTHORIZATION", ""))


def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request."""
    extra: list[tuple[str, str]] = []
    try:
        with _guard:
            told = _call(environ)
        status = "200 OK"
    except _Refused as error:
        told, status = {"message": str(error)}, error.status
        extra = [("x-amzn-ErrorType", error.code)]
    body = json.dumps(told).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *extra])
    return [body]


def _call(environ: dict[str, Any]) -> dict[str, Any]:
    region = str(environ["HTTP_AUTHORIZATION"]).split("/")[2]
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    given = json.loads(raw or b"{}")
    kind, _, name = unquote(str(environ["PATH_INFO"])).strip("/").partition("/")
    match environ["REQUEST_METHOD"], kind, name:
        case "PUT", "analyzer", "":
            return _create(region, given)
        case "GET", "analyzer", "":
            return {"analyzers": [one for arn, one in _held.items() if arn.split(":")[3] == region]}
        case "GET", "analyzer", _:
            return {"analyzer": _held[_there(_arn(region, name))]}
        case "DELETE", "analyzer", _:
            del _held[_there(_arn(region, name))]
            return {}
        case "GET", "tags", _:
            return {"tags": _held[_there(name)]["tags"]}
        case "POST", "tags", _:
            _held[_there(name)]["tags"].update(given["tags"])
            return {}
        case "DELETE", "tags", _:
            for key in parse_qs(str(environ.get("QUERY_STRING", ""))).get("tagKeys", []):
                _held[_there(name)]["tags"].pop(key, None)
            return {}
    what = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} of access-analyzer"
    raise _Refused("501 Not Implemented", "NotEmulated", f"not emulated: {what}")


def _create(region: str, given: dict[str, Any]) -> dict[str, Any]:
    arn = _arn(region, given["analyzerName"])
    if arn in _held:
        raise _Refused("409 Conflict", "ConflictException", f"Analyzer {given['analyzerName']} already exists")
    made = {"arn": arn, "name": given["analyzerName"], "type": given["type"], "status": "ACTIVE"}
    made |= {"createdAt": datetime.now(UTC).isoformat(), "tags": given.get("tags") or {}}
    _held[arn] = made | ({"configuration": given["configuration"]} if given.get("configuration") else {})
    return {"arn": arn}


def _arn(region: str, name: str) -> str:
    return f"arn:aws:access-analyzer:{region}:123456789012:analyzer/{name}"


def _there(arn: str) -> str:
    if arn not in _held:
        raise _Refused("404 Not Found", "ResourceNotFoundException", f"{arn} not found")
    return arn
