"""Handlers that are one call to create, perhaps one to change, one to delete: written as a table's row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from kit.ladder.clouds.moto_server.handler import HANDLERS, Handler, Replace


def simple(
    kind: str,
    service: str,
    create: str,
    *,
    id: str = "name",
    name: str = "",
    limit: int = 64,
    lower: bool = False,
    given: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
    attributes: Mapping[str, str] | None = None,
    update: str = "",
    fixed: tuple[str, ...] = (),
    delete: str = "",
    by: Mapping[str, str] | None = None,
) -> None:
    """Register a handler for `kind`.

    All properties go to `create`, fitted to its shape, with `given` added and `without` left out. `name` is the
    property that names the resource; when the template has none, a name is made. Expressions are JMESPath over
    `props`, `made` (the answer), `name`, `id`, `account`, `region`: `id` yields what Ref is, `attributes` what
    Fn::GetAtt is, `given` and `by` (the arguments of `delete`) what the service wants. `update` names the call
    that changes it in place ("=": `create` again), unless a property in `fixed`, or the name, changed.
    """
    row = _Row(
        service=service,
        create=create,
        id=id,
        name=name,
        limit=limit,
        lower=lower,
        given=dict(given or {}),
        without=without,
        attributes=dict(attributes or {}),
        update=create if update == "=" else update,
        fixed=(*fixed, name) if name else fixed,
        delete=delete,
        by=dict(by or {}),
    )
    HANDLERS[kind] = type(f"Simple{kind.replace(':', '')}", (_Simple,), {"row": row, "service": service})


class _Row:
    def __init__(self, **values: Any) -> None:
        self.__dict__ |= values

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class _Simple(Handler):
    row: _Row

    def create(self) -> None:
        row = self.row
        self.made: dict[str, Any] = {}
        self.own_name = self.name(row.name, limit=row.limit, lower=row.lower) if row.name else ""
        self.made = self.call(row.create, **self._arguments())
        self.id = str(self.find(row.id))

    def update(self, old: dict[str, Any]) -> None:
        row = self.row
        if not row.update:
            raise Replace
        self.same(old, *row.fixed)
        # What the update does not tell stays as it was told before.
        self.made = self.made | self.call(row.update, **(self._arguments() | self._targets()))

    def delete(self) -> None:
        if self.row.delete:
            self.quietly(self.row.delete, **self._targets())

    def attribute(self, name: str) -> Any:
        expression = self.row.attributes.get(name)
        return self.find(expression) if expression else None

    def find(self, expression: str) -> Any:
        """The expression's value over what is known of the resource."""
        facts = {
            "props": self.props,
            "made": self.made,
            "name": self.own_name,
            "id": self.id,
            "account": self.context.account,
            "region": self.context.region,
        }
        return _compiled(expression).search(facts)

    def _arguments(self) -> dict[str, Any]:
        row = self.row
        kept = {key: value for key, value in self.props.items() if key not in row.without}
        if row.name:
            kept[row.name] = self.own_name
        return kept | {key: self.find(expression) for key, expression in row.given.items()}

    def _targets(self) -> dict[str, Any]:
        return {key: self.find(expression) for key, expression in self.row.by.items()}


@cache
def _compiled(expression: str) -> Any:
    import jmespath

    return jmespath.compile(expression)
