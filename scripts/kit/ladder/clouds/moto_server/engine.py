"""A stack's life: create, update and delete in the order of its references, with events and roll-back."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from moto.cloudformation.models import Event, Stack
from moto.cloudformation.parsing import Export

from kit.ladder.clouds.moto_server import plan
from kit.ladder.clouds.moto_server.handler import Context
from kit.ladder.clouds.moto_server.held import Resource
from kit.ladder.clouds.moto_server.resolve import NO_VALUE, Scope, TemplateError, references, text


class LiveStack(Stack):
    """A stack of ours in moto's register; moto's answers read it like one of its own."""

    @staticmethod
    def cloudformation_name_type() -> str:
        """The property that names a stack."""
        return "StackName"

    def is_created(self) -> bool:
        """Nested stacks are awaited by their own handler."""
        return True

    def begin(self, exports: dict[str, Export]) -> None:
        """Set up what moto's constructor, given an empty template, does not."""
        self.held: dict[str, Resource] = {}
        self.all_exports = exports
        self.guard = threading.Lock()
        self.given: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        self.worked_out: list[dict[str, Any]] = []
        self.imported: set[str] = set()
        self.capabilities = ["CAPABILITY_NAMED_IAM"]

    # What moto's answers read.
    @property
    def parameter_list(self) -> list[dict[str, Any]]:
        """Parameters as DescribeStacks shows them."""
        slots = self.template_dict.get("Parameters") or {}
        return [
            {"ParameterKey": name, "ParameterValue": "****" if _is_secret(slots.get(name)) else text(value)}
            for name, value in self.values.items()
            if not name.startswith("AWS::")
        ]

    @property
    def stack_parameters(self) -> dict[str, Any]:
        """Parameter values by name."""
        return {name: text(value) for name, value in self.values.items() if not name.startswith("AWS::")}

    @property
    def stack_resources(self) -> list[Any]:
        """The resources that really are there; what is only nodded at is not listed."""
        return [resource for resource in self.held.values() if resource.emulated]

    @property
    def outputs(self) -> list[dict[str, Any]] | None:
        """Outputs as DescribeStacks shows them."""
        return self.worked_out or None

    @property
    def exports(self) -> list[Export]:
        """What other stacks may import."""
        return [
            Export(self.stack_id, item["ExportName"], item["OutputValue"])
            for item in self.worked_out
            if item.get("ExportName")
        ]

    # What is done.
    def check(self, template: Mapping[str, Any], given: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """What applying would do: (Add | Modify | Remove, logical id, type). Raises `TemplateError`."""
        values, scope = self._scope(template, given)
        names = plan.order(template["Resources"], values)
        wanted = [name for name in names if self._wanted(scope, template, name)]
        changes = []
        for name in wanted:
            kind = template["Resources"][name]["Type"]
            if name not in self.held:
                changes.append(("Add", name, kind))
            elif self.template_dict["Resources"][name] != template["Resources"][name] or self._touched(
                template["Resources"][name], values
            ):
                changes.append(("Modify", name, kind))
        gone = [("Remove", name, held.cf_resource_type) for name, held in self.held.items() if name not in wanted]
        return changes + gone

    def start(self, work: Callable[[], None]) -> None:
        """Do `work` in a thread of its own."""

        def guarded() -> None:
            with self.guard:
                try:
                    work()
                except Exception as error:
                    traceback.print_exc()
                    self.status = self.status.replace("IN_PROGRESS", "FAILED")
                    self._note(None, self.status, f"internal error: {error}")

        threading.Thread(target=guarded, daemon=True).start()

    def create_or_update(self, template: dict[str, Any], text_: str, given: Mapping[str, str]) -> None:
        """Bring the stack to `template`; roll back when a resource fails."""
        creating = not self.held and not self.status.startswith(("UPDATE", "CREATE_COMPLETE"))
        word = "CREATE" if creating else "UPDATE"
        before = (self.template_dict, self.template, self.given, self.values)
        self.status = f"{word}_IN_PROGRESS"
        self._note(None, self.status, "User Initiated")
        values, scope = self._scope(template, given)
        self.template_dict, self.template, self.given, self.values = template, text_, dict(given), values
        self.description = template.get("Description")
        undo: list[Callable[[], None]] = []
        replaced: list[Resource] = []
        failed = ""
        for name in plan.order(template["Resources"], values):
            if not self._wanted(scope, template, name):
                continue
            failed = self._apply(scope, name, template["Resources"][name], undo, replaced)
            if failed:
                break
        if not failed:
            failed = self._work_out(scope, template)
        if failed:
            self._roll_back(word, failed, undo, before)
            return
        self.imported = scope.imported
        wanted = {name for name in template["Resources"] if self._wanted(scope, template, name)}
        old = replaced + [held for name, held in reversed(self.held.items()) if name not in wanted]
        for resource in old:
            self._remove(resource)
        self.held = {name: held for name, held in self.held.items() if name in wanted}
        self.status = f"{word}_COMPLETE"
        self._note(None, self.status)

    def tear_down(self) -> bool:
        """Delete everything, the last created first; False when something could not be deleted."""
        self.status = "DELETE_IN_PROGRESS"
        self._note(None, self.status, "User Initiated")
        order = list(self.held)
        for name in reversed(order):
            if self._remove(self.held[name]):
                del self.held[name]
        if self.held:
            names = ", ".join(self.held)
            self.status = "DELETE_FAILED"
            self._note(None, self.status, f"The following resource(s) failed to delete: [{names}].")
            return False
        self.status = "DELETE_COMPLETE"
        self._note(None, self.status)
        return True

    def _apply(
        self,
        scope: Scope,
        name: str,
        wanted: Mapping[str, Any],
        undo: list[Callable[[], None]],
        replaced: list[Resource],
    ) -> str:
        """Create or change one resource; "" or why it failed."""
        held = self.held.get(name)
        kind = wanted["Type"]
        word = "CREATE" if held is None else "UPDATE"
        probe = held or Resource(self._context(name, kind), kind)
        try:
            properties = scope.value(wanted.get("Properties") or {})
            if held is not None and held.properties == properties and held.cf_resource_type == kind:
                return ""
            self._note(probe, f"{word}_IN_PROGRESS")
            if held is None or held.cf_resource_type != kind:
                probe = Resource(self._context(name, kind), kind)
                probe.create(properties)
                if held is not None:
                    replaced.append(held)
                self.held[name] = probe
                undo.append(lambda: self._undo_create(name, probe, held))
            else:
                old = held.properties
                new = held.update(properties)
                if new is not None:
                    replaced.append(held)
                    self.held[name] = probe = new
                    undo.append(lambda: self._undo_create(name, new, held))
                else:
                    undo.append(lambda: self._undo_update(held, old))
        except Exception as error:
            reason = _reason(error)
            self._note(probe, f"{word}_FAILED", reason)
            return name
        self._note(probe, f"{word}_COMPLETE", "" if probe.emulated else "not emulated: nothing stands behind it")
        return ""

    def _undo_create(self, name: str, made: Resource, before: Resource | None) -> None:
        self._remove(made)
        if before is None:
            self.held.pop(name, None)
        else:
            self.held[name] = before

    def _undo_update(self, held: Resource, old: dict[str, Any]) -> None:
        try:
            held.update(old)
        except Exception as error:
            self._note(held, "UPDATE_FAILED", _reason(error))

    def _roll_back(self, word: str, failed: str, undo: list[Callable[[], None]], before: tuple[Any, ...]) -> None:
        start = "ROLLBACK_IN_PROGRESS" if word == "CREATE" else "UPDATE_ROLLBACK_IN_PROGRESS"
        self.status = start
        self._note(None, start, f"The following resource(s) failed to {word.lower()}: [{failed}]. Rollback requested.")
        for step in reversed(undo):
            step()
        if word == "UPDATE":
            self.template_dict, self.template, self.given, self.values = before
        left = word == "CREATE" and self.held
        self.status = start.replace("IN_PROGRESS", "FAILED" if left else "COMPLETE")
        self._note(None, self.status)

    def _remove(self, resource: Resource) -> bool:
        self._note(resource, "DELETE_IN_PROGRESS")
        try:
            resource.delete()
        except Exception as error:
            self._note(resource, "DELETE_FAILED", _reason(error))
            return False
        self._note(resource, "DELETE_COMPLETE")
        return True

    def _work_out(self, scope: Scope, template: Mapping[str, Any]) -> str:
        found = []
        for name, output in (template.get("Outputs") or {}).items():
            if output.get("Condition") and not scope.condition(output["Condition"]):
                continue
            try:
                value = scope.value(output.get("Value"))
                export = scope.value((output.get("Export") or {}).get("Name"))
            except Exception as error:
                self._note(None, "CREATE_FAILED", f"output {name}: {_reason(error)}")
                return f"output {name}"
            if value is NO_VALUE or value is None:
                continue
            if export in self.all_exports and self.all_exports[export].exporting_stack_id != self.stack_id:
                self._note(None, "CREATE_FAILED", f"Export with name {export} is already exported by another stack")
                return f"output {name}"
            item = {"OutputKey": name, "OutputValue": text(value), "Description": output.get("Description")}
            found.append(item | {"ExportName": export})
        self.worked_out = found
        for own in [name for name, export in self.all_exports.items() if export.exporting_stack_id == self.stack_id]:
            del self.all_exports[own]
        for export_ in self.exports:
            self.all_exports[export_.name] = export_
        return ""

    def _wanted(self, scope: Scope, template: Mapping[str, Any], name: str) -> bool:
        condition = template["Resources"][name].get("Condition")
        return not condition or scope.condition(condition)

    def _touched(self, resource: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
        changed = {name for name, value in values.items() if self.values.get(name) != value}
        return bool(changed & set(references(resource)))

    def _scope(self, template: Mapping[str, Any], given: Mapping[str, str]) -> tuple[dict[str, Any], Scope]:
        slots = template.get("Parameters") or {}
        values = plan.parameters(template, given)
        for name, value in values.items():
            if str((slots[name] or {}).get("Type", "")).startswith("AWS::SSM::Parameter::"):
                values[name] = self._dynamic("ssm", text(value))
        values |= {
            "AWS::AccountId": self.account_id,
            "AWS::Region": self.region_name,
            "AWS::StackId": self.stack_id,
            "AWS::StackName": self.name,
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::Partition": "aws",
            "AWS::NotificationARNs": list(self.notification_arns),
        }
        exports = {name: export.value for name, export in self.all_exports.items()}
        scope = Scope(
            template,
            values,
            self.region_name,
            ref=self._ref,
            attribute=self._attribute,
            exports=exports,
            dynamic=self._dynamic,
        )
        return values, scope

    def _ref(self, name: str) -> str:
        if name not in self.held:
            raise TemplateError(f"Unresolved resource dependencies [{name}]")
        return self.held[name].physical_resource_id

    def _attribute(self, name: str, attribute: str) -> Any:
        if name not in self.held:
            raise TemplateError(f"Unresolved resource dependencies [{name}]")
        return self.held[name].attribute(attribute)

    def _dynamic(self, kind: str, name: str) -> str:
        from kit.ladder.clouds.moto_server.dynamic import look_up

        return look_up(self._context(""), kind, name)

    def _context(self, name: str, kind: str = "") -> Context:
        tags = [("aws:cloudformation:stack-name", self.name), ("aws:cloudformation:stack-id", self.stack_id)]
        tags += [("aws:cloudformation:logical-id", name), *self.tags.items()]
        return Context(self.region_name, self.account_id, self.name, self.stack_id, name, tuple(tags), kind)

    def _note(self, resource: Resource | None, status: str, reason: str = "") -> None:
        self.events.append(
            Event(
                stack_id=self.stack_id,
                stack_name=self.name,
                logical_resource_id=resource.logical_resource_id if resource else self.name,
                physical_resource_id=resource.physical_resource_id if resource else self.stack_id,
                resource_type=resource.cf_resource_type if resource else "AWS::CloudFormation::Stack",
                resource_status=status,
                resource_status_reason=reason or None,
                resource_properties=None,
            )
        )


def _is_secret(slot: Any) -> bool:
    return isinstance(slot, dict) and str(slot.get("NoEcho", "")).lower() == "true"


def _reason(error: Exception) -> str:
    """The service's own words, or the error's."""
    response = getattr(error, "response", None)
    if isinstance(response, dict) and response.get("Error"):
        return f"{response['Error'].get('Message')} (Error Code: {response['Error'].get('Code')})"
    message = getattr(error, "message", None) or str(error)
    if not isinstance(error, TemplateError) and not hasattr(error, "code"):
        traceback.print_exc()
        return f"{type(error).__name__}: {message}"
    return str(message)
