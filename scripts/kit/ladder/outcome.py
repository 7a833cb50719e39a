"""What a stage or a cloud action found, before it becomes a receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kit.run.receipts import FAILED, NOT_RUN, PASSED


@dataclass
class Outcome:
    """The result of one piece of work of a stage. Starts as failed: whoever passes it has to say so.

    `findings` are dicts with the keys that apply of rule, severity, file, line, message, resource.
    """

    verdict: str = FAILED
    reason: str = ""
    argv: list[list[str]] = field(default_factory=list)
    status: int | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    cloud: str = ""
    emulated: bool = False

    @classmethod
    def passed(cls, **details: Any) -> Outcome:
        """An outcome that was measured and is good."""
        return cls(PASSED, **details)

    @classmethod
    def failed(cls, reason: str, **details: Any) -> Outcome:
        """An outcome that was measured and is bad, or could not be measured to the end."""
        return cls(FAILED, reason, **details)

    @classmethod
    def not_run(cls, reason: str, **details: Any) -> Outcome:
        """An outcome that was never measured, and why."""
        return cls(NOT_RUN, reason, **details)
