"""Every explicit physical name holds the environment suffix, so that two stacks can stand side by side."""

from __future__ import annotations

from kit.gates.model import Look
from kit.gates.resources import programs
from kit.gates.subject import Subject


def environment_suffix(subject: Subject) -> Look:
    """A stack can be given a suffix, and each explicit name and export holds it."""
    problems: list[str] = []
    seen = 0
    for stack in subject.stacks:
        if stack.suffix_problem():
            problems.append(f"{stack.path}: {stack.suffix_problem()}")
        for name in stack.names():
            seen += 1
            if not name.holds:
                problems.append(f"{stack.path}: {name.where}: {name.shown}: without the environment suffix")
    # Typed by hand it is in every name that is synthesized now, and in those of every other deployment as well.
    suffix = subject.run.suffix
    problems += [
        f"{path}: {suffix}: the suffix of this run, typed by hand"
        for path, text in programs(subject).items()
        if suffix in text
    ]
    return Look(f"{seen:,} explicit names hold the suffix", problems)
