"""The vocabulary of expected endings."""


class Failure(Exception):
    """Raised when something expected went wrong: one line for the user and the next command to type.

    `hint` is that next command or remedy; scripts print it below the message and exit with 1. `task_id` is
    the task it speaks of, where the one who catches it could not know.
    """

    task_id: str = ""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class StopAll(Failure):
    """Raised when no further task may be started, because trying again cannot cure the reason.

    `spare_attempt` is true when the reason lies outside the task (no key, no disk, no login): the run is
    then paused, not ended, and goes on with the same attempt.
    """

    def __init__(self, message: str, *, hint: str = "", spare_attempt: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.spare_attempt = spare_attempt


class Usage(Failure):
    """Raised when the words of a command cannot be meant; exit status 2."""
