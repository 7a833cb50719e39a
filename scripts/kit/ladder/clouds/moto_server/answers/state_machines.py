"""Step Functions: definitions are judged and executed, state by state; the versions of a machine can be listed."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.models import StateMachine, StepFunctionBackend, stepfunctions_backends
from moto.stepfunctions.responses import StepFunctionResponse


def install() -> None:
    """Add them."""
    response: Any = StepFunctionResponse
    response.validate_state_machine_definition = _validate
    response.list_state_machine_versions = _versions
    # An execution keeps a copy of its machine: as it is now, without the executions before it and their threads.
    machine: Any = StateMachine
    machine.__deepcopy__ = _as_it_is
    register: Any = stepfunctions_backends
    register.backend = _executing


def _as_it_is(machine: Any, memo: Any) -> Any:
    made = copy.copy(machine)
    made.executions = []
    return made


def _executing(region: str, account_id: str) -> Any:
    """The one of moto's two registers that runs what is started; by itself moto leaves it running for good."""
    # Its grammar takes a second to load, which most stacks have no use for.
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend

    class Register(StepFunctionsParserBackend):
        # moto finds a service's addresses beside the module that its register is from.
        __module__ = StepFunctionBackend.__module__

        def start_execution(self, state_machine_arn: str, name: Any = None, *words: Any, **named: Any) -> Any:
            return super().start_execution(state_machine_arn, name or str(uuid.uuid4()), *words, **named)

    return Register(region, account_id)


def _validate(response: Any) -> ActionResult:
    found = list(faults(response._get_param("definition") or ""))
    return ActionResult({"result": "FAIL" if found else "OK", "diagnostics": found, "truncated": False})


def _versions(response: Any) -> ActionResult:
    machine = response.stepfunction_backend.describe_state_machine(response._get_param("stateMachineArn"))
    newest_first = sorted(machine.versions.items(), reverse=True)
    told = [{"stateMachineVersionArn": one.arn, "creationDate": one.creation_date} for _, one in newest_first]
    return ActionResult({"stateMachineVersions": told})


def faults(definition: str) -> Iterator[dict[str, str]]:
    """A diagnostic for text that is not JSON, breaks the grammar of the States Language, or leads to no state."""
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser, ASLParserException

    try:
        document = json.loads(definition)
    except ValueError as error:
        yield _fault("INVALID_JSON_DESCRIPTION", str(error), "")
        return
    try:
        AmazonStateLanguageParser.parse(definition)
    except ASLParserException as error:
        yield _fault("SCHEMA_VALIDATION_FAILED", str(error), "")
        return
    yield from _astray(document, "")


def _astray(machine: dict[str, Any], where: str) -> Iterator[dict[str, str]]:
    """What is started, comes next, is the default or is caught must be a state of the same machine."""
    states = machine.get("States", {})
    if not states or "StartAt" not in machine:
        yield _fault("SCHEMA_VALIDATION_FAILED", "StartAt and States are required", where or "/")
    if machine.get("StartAt") not in (None, *states):
        yield _fault("MISSING_TRANSITION_TARGET", f"no state {machine['StartAt']}", f"{where}/StartAt")
    for name, state in states.items():
        place = f"{where}/States/{name}"
        if not _ends(state):
            yield _fault("SCHEMA_VALIDATION_FAILED", "Next or End is required", place)
        for step in (state, *state.get("Choices", []), *state.get("Catch", [])):
            for word in ("Next", "Default"):
                if step.get(word) not in (None, *states):
                    yield _fault("MISSING_TRANSITION_TARGET", f"no state {step[word]}", f"{place}/{word}")
        inner = [*state.get("Branches", []), *(state[key] for key in ("Iterator", "ItemProcessor") if key in state)]
        for number, machine_ in enumerate(inner):
            yield from _astray(machine_, f"{place}/{number}")


def _ends(state: dict[str, Any]) -> bool:
    return state.get("Type") in ("Choice", "Succeed", "Fail") or bool(state.get("End")) or "Next" in state


def _fault(code: str, message: str, location: str) -> dict[str, str]:
    return {"severity": "ERROR", "code": code, "message": message, "location": location}
