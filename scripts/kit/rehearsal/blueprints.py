"""The knowledge files: loaded when needed, filled in with ids and facts.

A service file has two YAML documents: a short head (how the service is recognised in a text, which facts to look for),
and the body (resources, practices, tests), which is parsed only when the stack has the service. `<token>` in a
body stands for a fact or a logical id; `<token?>` drops the entry around it when the token is unknown, and a mapping with
`<when>` is dropped whole when that value is empty.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from kit.rehearsal.emit_cfn import load

KNOWLEDGE = Path(__file__).parent / "knowledge"
_TOKEN = re.compile(r"<([\w.:]+\??)>")
_DROP = object()


@functools.cache
def _split(service: str) -> tuple[str, str]:
    head, _, body = (KNOWLEDGE / "services" / f"{service}.yml").read_text(encoding="utf-8").partition("\n---\n")
    return head, body


@functools.cache
def heads() -> dict[str, dict[str, Any]]:
    """The heads of all services by their short name."""
    return {path.stem: load(_split(path.stem)[0]) for path in sorted((KNOWLEDGE / "services").glob("*.yml"))}


@functools.cache
def body(service: str) -> dict[str, Any]:
    """The body of one service's file."""
    found: dict[str, Any] = load(_split(service)[1])
    return found


@functools.cache
def shared(name: str) -> Any:
    """One of the files that speak of all services, such as wishes or relations."""
    return load((KNOWLEDGE / f"{name}.yml").read_text(encoding="utf-8"))


@functools.cache
def by_type() -> dict[str, str]:
    """The service that knows best about a resource type, from the first part of the type when no head names it."""
    known: dict[str, str] = {}
    for service, head in heads().items():
        if head.get("type"):
            known.setdefault(head["type"], service)
    for service in heads():
        for practice in body(service).get("practices", {}).values():
            for one in listed(practice.get("type")):
                known.setdefault(one, service)
    return known


def is_main(service: str, resource: dict[str, Any]) -> bool:
    """True for a resource of the service's main type, and alike where others have that type too."""
    head, properties = heads()[service], resource.get("Properties", {})
    alike = all(properties.get(key) == value for key, value in head.get("like", {}).items())
    return alike and resource["Type"] == head.get("type")


def service_of(resource: dict[str, Any]) -> str | None:
    """The service that knows best about a resource."""
    return next((one for one in heads() if is_main(one, resource)), None) or by_type().get(resource["Type"])


def listed(value: Any) -> list[Any]:
    """A list of it, whether it is one, one thing, or nothing."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def fill(fragment: Any, tokens: dict[str, Any], ids: dict[str, str] | None = None) -> Any:
    """A copy of `fragment` with its tokens filled in and its local ids renamed by `ids`."""
    filled = _fill(fragment, tokens, ids or {})
    return None if filled is _DROP else filled


def _fill(value: Any, tokens: dict[str, Any], ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return _fill_dict(value, tokens, ids)
    if isinstance(value, list):
        items = [item for item in (_fill(item, tokens, ids) for item in value) if item is not _DROP]
        return items if items or not value else _DROP
    if isinstance(value, str):
        return _fill_text(value, tokens)
    return value


def _fill_dict(value: dict[str, Any], tokens: dict[str, Any], ids: dict[str, str]) -> Any:
    if "<when>" in value:
        if not _known(_fill(value["<when>"], tokens, ids)):
            return _DROP
        value = {key: inner for key, inner in value.items() if key != "<when>"}
    result: dict[str, Any] = {}
    for key, inner in value.items():
        name = _fill_text(key, tokens)
        done = _rename(name, _fill(inner, tokens, ids), ids)
        if done is not _DROP:
            result[name] = done
    return result if result or not value else _DROP


def _known(value: Any) -> bool:
    return value is not _DROP and bool(value) and not (isinstance(value, str) and _TOKEN.fullmatch(value))


def _fill_text(text: str, tokens: dict[str, Any]) -> Any:
    whole = _TOKEN.fullmatch(text)
    if whole:
        name = whole[1].rstrip("?")
        if whole[1].endswith("?"):
            return tokens[name] if tokens.get(name) else _DROP
        return tokens.get(name, text)
    return _TOKEN.sub(lambda match: str(tokens.get(match[1].rstrip("?"), match[0])), text)


def _rename(name: str, value: Any, ids: dict[str, str]) -> Any:
    if name in ("Ref", "DependsOn") and isinstance(value, str):
        return ids.get(value, value)
    if name == "DependsOn" and isinstance(value, list):
        return [ids.get(one, one) for one in value]
    if name == "Fn::GetAtt" and isinstance(value, list):
        return [ids.get(value[0], value[0]), *value[1:]]
    if name == "Fn::Sub" and isinstance(value, str):
        return re.sub(r"\$\{(\w+)([.}])", lambda match: "${" + ids.get(match[1], match[1]) + match[2], value)
    return value


def kebab(name: str) -> str:
    """`OrderUploads` as `order-uploads`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def words(name: str) -> str:
    """`OrderUploads` as `order uploads`."""
    return kebab(name).replace("-", " ")
