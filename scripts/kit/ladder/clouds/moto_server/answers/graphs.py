"""AppSync: the sources of an API's data, and the resolvers of its fields."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.appsync import urls
from moto.appsync.exceptions import AppSyncExceptions, BadRequestException
from moto.appsync.responses import AppSyncResponse

_SOURCES = "{0}/v1/apis/(?P<api_id>[^/]+)/datasources"
_RESOLVERS = "{0}/v1/apis/(?P<api_id>[^/]+)/types/(?P<type_name>[^/]+)/resolvers"


class _NotFound(AppSyncExceptions):
    code = 404

    def __init__(self, what: str) -> None:
        super().__init__("NotFoundException", f"{what} not found.")


def install() -> None:
    """Add them."""
    response: Any = AppSyncResponse
    # Before those that would take their addresses for types.
    own = {f"{path}{rest}$": response.dispatch for path in (_SOURCES, _RESOLVERS) for rest in ("", "/(?P<name>[^/]+)")}
    paths: Any = urls.url_paths
    others = dict(paths)
    paths.clear()
    paths.update(own | others)
    for what, title, key in (("data_source", "dataSource", "name"), ("resolver", "resolver", "fieldName")):
        setattr(response, f"create_{what}", lambda self, title=title, key=key: _create(self, title, key))
        setattr(response, f"get_{what}", lambda self, title=title: json.dumps({title: _found(self, title)}))
        setattr(response, f"update_{what}", lambda self, title=title: _update(self, title))
        setattr(response, f"delete_{what}", lambda self, title=title: _delete(self, title))
        setattr(
            response,
            f"list_{what}s",
            lambda self, title=title: json.dumps({f"{title}s": list(_all(self, title).values())}),
        )


def _words(response: Any) -> list[str]:
    return [unquote(word) for word in str(response.path).strip("/").split("/")]


def _api(response: Any) -> Any:
    return response.appsync_backend.get_graphql_api(_words(response)[2])


def _all(response: Any, title: str) -> dict[str, dict[str, Any]]:
    """What the API holds of it; of resolvers, those of the type that the address names."""
    words = _words(response)
    name = f"{title}s" if title == "dataSource" else f"{title}s_of_{words[4]}"
    found: dict[str, dict[str, Any]] = _api(response).__dict__.setdefault(name, {})
    return found


def _found(response: Any, title: str) -> dict[str, Any]:
    name = _words(response)[-1]
    if name not in _all(response, title):
        raise _NotFound(f"{title} {name}")
    return _all(response, title)[name]


def _create(response: Any, title: str, key: str) -> str:
    asked, held = json.loads(response.body), _all(response, title)
    name = asked[key]
    if name in held:
        raise BadRequestException(f"{title} with name {name} already exists")
    _check(response, asked)
    arn = _api(response).arn
    extra = {"dataSourceArn": f"{arn}/datasources/{name}"}
    if title == "resolver":
        kind = _words(response)[4]
        extra = {"typeName": kind, "resolverArn": f"{arn}/types/{kind}/resolvers/{name}"}
        asked.setdefault("kind", "UNIT")
    held[name] = asked | extra
    return json.dumps({title: held[name]})


def _update(response: Any, title: str) -> str:
    held, asked = _found(response, title), json.loads(response.body)
    _check(response, asked)
    held |= asked
    return json.dumps({title: held})


def _delete(response: Any, title: str) -> str:
    _found(response, title)
    del _all(response, title)[_words(response)[-1]]
    return "{}"


def _check(response: Any, asked: dict[str, Any]) -> None:
    """A resolver's source is one of the API's."""
    wanted = asked.get("dataSourceName")
    if wanted and wanted not in _api(response).__dict__.get("dataSources", {}):
        raise _NotFound(f"Data source {wanted}")
