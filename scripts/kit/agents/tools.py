"""The tools agents are given: their definitions, and the check of what a model passes to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kit.agents import places
from kit.agents.faults import Refused
from kit.run.rundir import Run

STAGES = ("lint", "build", "synth", "unit", "deploy", "outputs", "integration", "destroy", "ladder")


@dataclass(frozen=True)
class Tool:
    """One tool: `definition` as the API takes it, `work(input)` returns the text of its result.

    `schema` is what the input is checked against before `work` sees it. `work` raises `Refused` for what the agent
    can put right. `repeatable` says that a call which was cut off may simply be made again: a stage has its
    receipts, so that what was proved is not run twice.
    """

    definition: dict[str, Any]
    work: Callable[[dict[str, Any]], str]
    schema: dict[str, Any]
    repeatable: bool = False

    @property
    def name(self) -> str:
        """The name the model calls it by."""
        return str(self.definition["name"])


def function(
    name: str,
    description: str,
    properties: dict[str, Any],
    work: Callable[[dict[str, Any]], str],
    *,
    repeatable: bool = False,
) -> Tool:
    """A tool of our own; every property is required and none may be added (`strict`)."""
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    definition = {"name": name, "description": description, "input_schema": schema, "strict": True}
    return Tool(definition, work, schema, repeatable)


def check_input(tool: Tool, given: Any) -> dict[str, Any]:
    """`given`, when it fits the tool's schema. Raises `Refused` naming each place that does not."""
    if not isinstance(given, dict):
        raise Refused(f"{tool.name}: the input must be an object, got {type(given).__name__}; nothing was run")
    problems = list(_misfits(tool.schema, given))
    if problems:
        raise Refused(f"{tool.name}: {'; '.join(problems[:5])}; nothing was run")
    return given


def _misfits(schema: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    """What does not fit, a sentence each. The schemas of tools are flat, so this reads the few words they use; the
    jsonschema package would take longer to load than many turns."""
    properties = schema["properties"]
    yield from (f"{name} is required" for name in schema.get("required", ()) if name not in given)
    for name, value in given.items():
        if name not in properties:
            if schema.get("additionalProperties") is False:
                yield f"{name} is not known"
            continue
        wanted = properties[name]
        if not _is_a(wanted["type"], value):
            yield f"{name} = {str(value)[:60]!r}: wanted {wanted['type']}"
        elif "enum" in wanted and value not in wanted["enum"]:
            yield f"{name} = {str(value)[:60]!r}: wanted one of {', '.join(wanted['enum'])}"
        elif wanted["type"] == "array":
            if not all(_is_a(wanted["items"]["type"], item) for item in value):
                yield f"{name}: wanted only {wanted['items']['type']} in it"
            if not wanted.get("minItems", 0) <= len(value) <= wanted.get("maxItems", len(value)):
                yield f"{name}: wanted {wanted['minItems']} items, got {len(value)}"


def _is_a(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    kinds: dict[str, Any] = {"string": str, "integer": int, "number": int | float, "array": list, "boolean": bool}
    return isinstance(value, kinds[kind])


def bash(work: Callable[[str], str], restart: Callable[[], str]) -> Tool:
    """The model's own bash tool over a shell of ours."""

    def run(given: dict[str, Any]) -> str:
        if given.get("restart"):
            return restart()
        if not given.get("command"):
            raise Refused("bash: a command is wanted; nothing was run")
        return work(given["command"])

    schema = {
        "type": "object",
        "properties": {"command": {"type": "string"}, "restart": {"type": "boolean"}},
        "additionalProperties": False,
    }
    return Tool({"type": "bash_20250124", "name": "bash"}, run, schema)


def run_stage(run: Run) -> Tool:
    """Runs a stage of the ladder on the files as they are and tells the receipt."""

    def work(given: dict[str, Any]) -> str:
        from kit.ladder import stages

        traps = places.traps(run.worktree)
        if traps:
            raise Refused(f"run_stage: remove first: {'; '.join(traps[:5])}; nothing was run")
        if given["stage"] == "ladder":
            receipts = stages.run_ladder(run)
            return json.dumps([told(receipt) for receipt in receipts], ensure_ascii=False)
        return json.dumps(told(stages.run_stage(run, given["stage"])), ensure_ascii=False)

    return function(
        "run_stage",
        "Run one stage of the ladder, or all of them in order (ladder), on the files as they are now. "
        "Returns the receipt: verdict, reason, figures, findings, log. Only these receipts count.",
        {"stage": {"type": "string", "enum": list(STAGES)}},
        work,
        repeatable=True,
    )


def told(receipt: Any) -> dict[str, Any]:
    """The part of a receipt that an agent needs, at most 40 findings."""
    short = {
        "stage": receipt.stage,
        "verdict": receipt.verdict,
        "reason": receipt.reason,
        "figures": receipt.figures,
        "findings": receipt.findings[:40],
        "log": receipt.log,
    }
    if len(receipt.findings) > 40:
        short["findings_left_out"] = len(receipt.findings) - 40
    return short
