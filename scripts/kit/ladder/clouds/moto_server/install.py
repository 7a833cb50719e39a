"""Puts our stacks and our Lambda into moto's place, in this process only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.cloudformation import models, responses, utils
from moto.cloudformation.exceptions import AlreadyExistsException, ValidationError
from moto.core.utils import utcnow

from kit.errors import Failure
from kit.ladder import cfn_template
from kit.ladder.clouds.moto_server.engine import LiveStack
from kit.ladder.clouds.moto_server.resolve import TemplateError

UNCHANGED = "The submitted information didn't contain changes. Submit different information to create a change set."


@dataclass
class ChangeSet:
    """A change set as moto's answers read it."""

    change_set_id: str
    change_set_name: str
    change_set_type: str
    stack: LiveStack
    template: str
    parameters: dict[str, str]
    description: str | None
    notification_arns: list[str] | None = None
    tags: dict[str, str] | None = None
    role_arn: str | None = None
    status: str = "CREATE_COMPLETE"
    execution_status: str = "AVAILABLE"
    status_reason: str | None = None
    changes: list[models.Change] = field(default_factory=list)
    creation_time: Any = field(default_factory=utcnow)

    @property
    def stack_id(self) -> str:
        """The stack's id."""
        return self.stack.stack_id

    @property
    def stack_name(self) -> str:
        """The stack's name."""
        return self.stack.name


def install() -> None:
    """Replace what the CloudFormation backend does with stacks."""
    backend: Any = models.CloudFormationBackend
    backend.create_stack = create_stack
    backend.update_stack = update_stack
    backend.delete_stack = delete_stack
    backend.create_change_set = create_change_set
    backend.execute_change_set = execute_change_set
    response: Any = responses.CloudFormationResponse
    response._validate_different_update = lambda self, parameters, body, stack: None
    _read_templates_by_any_address()


def create_stack(self: Any, name: str, template: str, parameters: Mapping[str, str], **details: Any) -> LiveStack:
    """CreateStack: begins at once, ends in a thread."""
    if _by_name(self, name) is not None:
        raise AlreadyExistsException(f"Stack [{name}] already exists")
    value = _parse(template)
    stack = _new(self, name, parameters, details)
    _check(stack, value, parameters)
    self.stacks[stack.stack_id] = stack
    stack.status = "CREATE_IN_PROGRESS"
    stack.start(lambda: stack.create_or_update(value, template, parameters))
    return stack


def update_stack(self: Any, name: str, template: str, role_arn: Any, parameters: Any, tags: Any) -> LiveStack:
    """UpdateStack."""
    stack = _existing(self, name)
    _settled(stack)
    given = self._resolve_update_parameters(instance=stack, incoming_params=parameters)
    template = template or stack.template
    value = _parse(template)
    if not _check(stack, value, given):
        raise ValidationError(name, message="No updates are to be performed.")
    if tags is not None:
        stack.tags = tags
    stack.status = "UPDATE_IN_PROGRESS"
    stack.start(lambda: stack.create_or_update(value, template, given))
    return stack


def delete_stack(self: Any, name_or_stack_id: str) -> None:
    """DeleteStack; of a stack that is not there it says nothing, as the service does."""
    stack = self.stacks.get(name_or_stack_id) or _by_name(self, name_or_stack_id)
    if stack is None:
        return
    if stack.enable_termination_protection:
        raise ValidationError(message=f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
    users = _importers(self, stack)
    if users:
        raise ValidationError(message=f"Export {users[0][0]} cannot be deleted as it is in use by {users[0][1]}")
    stack.status = "DELETE_IN_PROGRESS"

    def work() -> None:
        if stack.tear_down():
            for export in stack.exports:
                self.exports.pop(export.name, None)
            self.deleted_stacks[stack.stack_id] = stack
            self.stacks.pop(stack.stack_id, None)

    stack.start(work)


def create_change_set(
    self: Any,
    stack_name: str,
    change_set_name: str,
    template: str,
    parameters: dict[str, str],
    description: str,
    change_set_type: str,
    **details: Any,
) -> tuple[str, str]:
    """CreateChangeSet: everything that can be told before a resource is touched is told here."""
    utils.validate_create_change_set(change_set_name)
    value = _parse(template)
    stack = _by_name(self, stack_name)
    if change_set_type == "UPDATE" or (stack is not None and stack.status != "REVIEW_IN_PROGRESS"):
        if change_set_type != "UPDATE":
            raise ValidationError(message=f"Stack [{stack_name}] already exists and cannot be created again")
        stack = _existing(self, stack_name)
        _settled(stack)
    elif stack is None:
        stack = _new(self, stack_name, parameters, details)
        stack.status = "REVIEW_IN_PROGRESS"
    changes = _check(stack, value, parameters)
    self.stacks[stack.stack_id] = stack
    made = ChangeSet(
        utils.generate_changeset_id(change_set_name, self.region_name, self.account_id),
        change_set_name,
        change_set_type,
        stack,
        template,
        parameters,
        description,
        changes=[models.Change(action, name, kind) for action, name, kind in changes],
        **details,
    )
    outputs_changed = stack.template_dict.get("Outputs") != value.get("Outputs")
    if change_set_type == "UPDATE" and not changes and not outputs_changed:
        made.status, made.execution_status, made.status_reason = "FAILED", "UNAVAILABLE", UNCHANGED
    self.change_sets[made.change_set_id] = made
    return made.change_set_id, stack.stack_id


def execute_change_set(self: Any, change_set_name: str, stack_name: str | None = None) -> None:
    """ExecuteChangeSet: begins at once, ends in a thread."""
    found = [
        item
        for key, item in self.change_sets.items()
        if change_set_name in (key, item.change_set_name)
        and (stack_name is None or stack_name in (item.stack_name, item.stack_id))
    ]
    if not found:
        raise ValidationError(message=f"ChangeSet [{change_set_name}] does not exist")
    chosen = found[-1]
    if chosen.execution_status != "AVAILABLE":
        raise ValidationError(message=f"ChangeSet [{change_set_name}] cannot be executed in its current status")
    stack = chosen.stack
    value = _parse(chosen.template)
    chosen.execution_status = "EXECUTE_COMPLETE"
    stack.status = f"{chosen.change_set_type}_IN_PROGRESS"
    if chosen.tags is not None:
        stack.tags = chosen.tags
    stack.start(lambda: stack.create_or_update(value, chosen.template, chosen.parameters))


def _new(backend: Any, name: str, parameters: Mapping[str, str], details: Mapping[str, Any]) -> LiveStack:
    known = {key: details[key] for key in ("notification_arns", "tags", "role_arn") if key in details}
    protected = bool(details.get("enable_termination_protection"))
    stack = LiveStack(
        stack_id=utils.generate_stack_id(name, backend.region_name, backend.account_id),
        name=name,
        template={},
        parameters=dict(parameters),
        account_id=backend.account_id,
        region_name=backend.region_name,
        enable_termination_protection=protected,
        **known,
    )
    stack.begin(backend.exports)
    return stack


def _parse(template: str) -> dict[str, Any]:
    try:
        value = cfn_template.parse(template, "template")
    except Failure as failure:
        raise ValidationError(message=f"Template format error: {failure}") from failure
    if value.get("Transform"):
        from kit.ladder.clouds.moto_server.transforms import apply

        try:
            return apply(value)
        except TemplateError as error:
            raise ValidationError(message=str(error)) from error
    return value


def _check(stack: LiveStack, value: dict[str, Any], parameters: Mapping[str, str]) -> list[tuple[str, str, str]]:
    try:
        return stack.check(value, parameters)
    except TemplateError as error:
        raise ValidationError(message=str(error)) from error


def _by_name(backend: Any, name: str) -> Any:
    return next((stack for stack in backend.stacks.values() if name in (stack.name, stack.stack_id)), None)


def _existing(backend: Any, name: str) -> Any:
    stack = _by_name(backend, name)
    if stack is None:
        raise ValidationError(message=f"Stack [{name}] does not exist")
    return stack


def _settled(stack: LiveStack) -> None:
    fine = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
    if stack.status not in fine:
        raise ValidationError(message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated.")


def _importers(backend: Any, stack: LiveStack) -> list[tuple[str, str]]:
    names = {export.name for export in stack.exports}
    found = []
    for other in backend.stacks.values():
        if other is not stack:
            found += [(name, other.name) for name in names & other.imported]
    return found


def _read_templates_by_any_address() -> None:
    """Let TemplateURL name a bucket in each of the ways S3 is addressed."""

    def read(template_url: str, account_id: str, partition: str) -> str:
        from urllib.parse import unquote, urlparse

        from moto.s3.models import s3_backends

        address = urlparse(template_url)
        host, path = address.hostname or "", unquote(address.path).lstrip("/")
        if ".s3." in host or ".s3-" in host:
            bucket, key = host.split(".s3")[0], path
        else:
            bucket, _, key = path.partition("/")
        try:
            found = s3_backends[account_id][partition].get_object(bucket, key)
        except Exception as error:
            raise ValidationError(message=f"S3 error: {error} ({template_url})") from error
        if found is None:
            raise ValidationError(message=f"S3 error: Access Denied or no such key: {template_url}")
        return str(found.value.decode())

    patched: Any
    for patched in (models, responses):
        patched.get_stack_from_s3_url = read
