"""What a gate is: a name, the reason it exists, and a function that looks at a subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kit.errors import Failure
from kit.gates.subject import Subject


@dataclass(frozen=True)
class Look:
    """What a gate looked at, in a few words, and each thing it found wrong there.

    A look that saw nothing is no look: `seen` must not be empty, or the gate fails.
    """

    seen: str
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Gate:
    """One rule of what may be submitted.

    Every gate is asked before the pull request, and after each review as well unless it is the `last` round's.
    `history` is true when it needs what only the run knows, such as the baseline's receipts.
    """

    name: str
    why: str
    look: Callable[[Subject], Look]
    last: bool = False
    history: bool = False


@dataclass(frozen=True)
class Result:
    """A gate's word: when it failed, `reason` names the first problem and how many there are."""

    name: str
    passed: bool
    reason: str
    problems: tuple[str, ...] = ()


def judge(gate: Gate, subject: Subject) -> Result:
    """Ask one gate. Whatever it raises, and an answer that is no `Look`, is a failed gate with that reason."""
    try:
        look = gate.look(subject)
        if not isinstance(look, Look) or not look.seen.strip():
            return Result(gate.name, False, "the gate looked at nothing")
        problems = tuple(dict.fromkeys(look.problems))
    except Failure as failure:
        return Result(gate.name, False, str(failure), (str(failure),))
    except Exception as error:
        reason = f"the gate could not be asked: {type(error).__name__}: {error}"
        return Result(gate.name, False, reason, (reason,))
    if not problems:
        return Result(gate.name, True, look.seen)
    more = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
    return Result(gate.name, False, problems[0] + more, problems)


def judge_all(gates: Iterable[Gate], subject: Subject) -> list[Result]:
    """Ask every gate, in order; one that fails does not spare the others."""
    return [judge(gate, subject) for gate in gates]
