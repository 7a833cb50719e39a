"""One resource of a stack: created by a handler of ours, by moto's own model, or only nodded at."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server import native, tags
from kit.ladder.clouds.moto_server.handler import HANDLERS, Context, Handler, NotEmulated, Replace


class Nodded:
    """Stands for a resource of a type that nothing here can create; its references are plainly marked."""

    def __init__(self, logical_id: str) -> None:
        self.physical_id = f"not-emulated-{logical_id}"


class Resource:
    """A resource that exists, or is about to. Attribute names are those that moto's answers read."""

    def __init__(self, context: Context, kind: str) -> None:
        self.context = context
        self.logical_resource_id = context.logical_id
        self.cf_resource_type = kind
        self.physical_resource_id = ""
        self.properties: dict[str, Any] = {}
        self.body: Any = None

    @property
    def emulated(self) -> bool:
        """False when the type is only nodded at."""
        return not isinstance(self.body, Nodded)

    def create(self, properties: dict[str, Any]) -> None:
        """Bring it about. Raises what the service raises."""
        self.properties = properties
        if self.cf_resource_type in HANDLERS or self.cf_resource_type.startswith("Custom::"):
            handler = self._handler(properties)
            try:
                handler.create()
            except NotEmulated:
                self._nod()
                return
            except Exception:
                if handler.id:
                    handler.delete()
                raise
            self.body, self.physical_resource_id = handler, handler.id
            return
        model = native.model(self.cf_resource_type)
        if model is None:
            self._nod()
            return
        self.body = native.create(model, self.cf_resource_type, self.context, properties)
        self.physical_resource_id = native.physical_id(self.body)

    def update(self, properties: dict[str, Any]) -> Resource | None:
        """Change it in place (None), or return what has taken its place and makes it ready for deletion."""
        if isinstance(self.body, Nodded):
            self.properties = properties
            return None
        if isinstance(self.body, Handler):
            old = self.body.props
            self.body.props = properties
            try:
                self.body.update(old)
                tags.change(self.body, old)
            except Replace:
                self.body.props = old
                return self._replacement(properties)
            except BaseException:
                self.body.props = old
                raise
            self.physical_resource_id = self.body.id
            self.properties = properties
            return None
        changed = native.update(self.cf_resource_type, self.body, self.context, self.properties, properties)
        if changed is None:
            return self._replacement(properties)
        self.body = changed
        self.properties = properties
        self.physical_resource_id = native.physical_id(changed)
        return None

    def delete(self) -> None:
        """Take it away; one that is already gone is no error."""
        if isinstance(self.body, Handler):
            self.body.delete()
        elif not isinstance(self.body, Nodded) and self.body is not None:
            native.delete(self)

    def attribute(self, name: str) -> Any:
        """Fn::GetAtt. A value the emulation lacks is plainly marked as such."""
        found: Any = None
        if isinstance(self.body, Handler):
            found = self.body.attribute(name)
        elif not isinstance(self.body, Nodded):
            found = native.attribute(self, name)
        return f"not-emulated-{self.logical_resource_id}-{name}" if found is None else found

    def _nod(self) -> None:
        self.body = Nodded(self.logical_resource_id)
        self.physical_resource_id = self.body.physical_id

    def _handler(self, properties: dict[str, Any]) -> Handler:
        kind = self.cf_resource_type if self.cf_resource_type in HANDLERS else "AWS::CloudFormation::CustomResource"
        return HANDLERS[kind](self.context, properties)

    def _replacement(self, properties: dict[str, Any]) -> Resource | None:
        made = Resource(self.context, self.cf_resource_type)
        made.create(properties)
        if made.physical_resource_id != self.physical_resource_id:
            return made
        # The same thing, put anew: deleting the old would take away the new.
        self.body, self.properties = made.body, properties
        return None
