"""Decide about a round: complete, iterate or reject; ask single gates; read a MODEL_FAILURES file.

Runs every gate on the task's worktree, computes whether the first answer's issues were minimal and
which score the facts support, applies the rule and writes decision.json. Exits with 1 on reject, one
line for each reason.

Example:
    python scripts/gate.py --task 277
    python scripts/gate.py --list
    python scripts/gate.py --task 277 --only environment-suffix
    python scripts/gate.py --explain lib/MODEL_FAILURES.md
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kit import cli, files, say
from kit.errors import Failure
from kit.run import steps
from kit.run.git import code_tree
from kit.run.rundir import Run


def gate(run: Run, *, again: bool = False) -> dict[str, Any]:
    """Step `gate`: leaves decision.json for the tree as it is."""

    def work(run: Run) -> dict[str, Any]:
        from kit.gates import decide

        value = decide(run)
        tell = say.done if value["decision"] == "complete" else say.warn
        tell(f"gate: {value['decision']}: {'; '.join(value['reasons'][:3])}")
        kept = ("decision", "reasons", "minimal", "score", "tree", "next_features")
        return {name: value[name] for name in kept}

    return steps.perform(run, "gate", work, still_valid=_still_valid, again=again)


def _still_valid(run: Run) -> bool:
    try:
        value = files.read_json(run.dir / "decision.json")
        return (
            value["tree"] == code_tree(run.worktree) and value["round"] == run.round and value["decision"] != "reject"
        )
    except (Failure, KeyError, TypeError):
        return False


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Print the decision, or what was asked for instead."""
    parser = cli.parser(__doc__, "gate.py")
    parser.add_argument("--task", help="task id (default: the one in progress)")
    parser.add_argument("--list", action="store_true", help="name every gate and the reason it exists")
    parser.add_argument("--only", metavar="NAME", help="ask this one gate and decide nothing")
    parser.add_argument("--explain", metavar="FILE", type=Path, help="read a MODEL_FAILURES file written elsewhere")
    parser.add_argument("--again", action="store_true", help="decide again although the decision stands")
    args = parser.parse_args(argv)
    if args.list:
        return _list(args.json)
    if args.explain:
        return _explain(args.explain, args.json)
    if args.only:
        return _only(cli.open_run(args), args.only, args.json)
    run = cli.open_run(args)
    with run.working():
        return _tell(gate(run, again=args.again), args.json)


def _list(as_json: bool) -> int:
    from kit.gates.register import GATES

    if as_json:
        print(json.dumps([{"name": one.name, "why": one.why, "last": one.last} for one in GATES]))
        return 0
    width = max(len(one.name) for one in GATES)
    print("\n".join(f"{one.name:{width}}  {one.why}" for one in GATES))
    return 0


def _only(run: Run, name: str, as_json: bool) -> int:
    from kit.gates.model import judge
    from kit.gates.register import named
    from kit.gates.subject import Subject

    result = judge(named(name), Subject(run))
    if as_json:
        print(json.dumps(asdict(result)))
    elif result.passed:
        print(f"{result.name}: {result.reason}")
    for problem in () if result.passed else result.problems or (result.reason,):
        say.fail(f"{result.name}: {problem}")
    return 0 if result.passed else 1


def _explain(path: Path, as_json: bool) -> int:
    from kit.gates import explain

    found = explain.read(path)
    if as_json:
        print(json.dumps(asdict(found)))
    else:
        print(f"{found.verdict}: {found.style}")
        print("\n".join(f"  {line}" for line in found.reasons))
    return 1 if found.verdict == explain.UNDECIDABLE else 0


def _tell(value: dict[str, Any], as_json: bool) -> int:
    rejected = value["decision"] == "reject"
    print(json.dumps(value) if as_json else value["decision"])
    for reason in value["reasons"]:
        (say.fail if rejected else say.done)(f"{value['decision']}: {reason}")
    for name in value["next_features"]:
        say.work(f"the next round adds {name}")
    return 1 if rejected else 0


if __name__ == "__main__":
    raise SystemExit(main())
