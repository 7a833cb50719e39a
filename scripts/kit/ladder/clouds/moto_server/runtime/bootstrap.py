"""Runs one invocation of a Python handler: event on stdin, words on the descriptor named by _RESULT_FD.

Writes a line `ready` once the handler is loaded, then one line of JSON: {"value": ...} or {"error": {...}}.
"""

import importlib
import json
import os
import pathlib
import sys
import time
import traceback
from typing import Any


class Context:
    """What a handler may ask of its context."""

    def __init__(self, deadline: float) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.invoked_function_arn = os.environ["_FUNCTION_ARN"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.aws_request_id = os.environ["_REQUEST_ID"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """How long the handler may still run."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))

    def log(self, text: str) -> None:
        """Write a line."""
        print(text)


def error_of(error: BaseException) -> dict[str, Any]:
    """An error as Lambda reports it."""
    frames = traceback.format_exception(type(error), error, error.__traceback__)
    return {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": frames}


def main() -> None:
    """Run the handler once."""
    out = os.fdopen(int(os.environ.pop("_RESULT_FD")), "w", encoding="utf-8")
    event = json.load(sys.stdin)
    sys.path[:0] = [str(pathlib.Path.cwd())]
    try:
        name, _, function = os.environ["_HANDLER"].replace("/", ".").rpartition(".")
        try:
            handler = getattr(importlib.import_module(name), function)
        except (ImportError, AttributeError) as error:
            raise type(error)(f"Unable to import module '{name}' or find {function} in it: {error}") from error
        print("ready", file=out, flush=True)
        value = handler(event, Context(time.monotonic() + float(os.environ["_TIMEOUT"])))
        text = json.dumps({"value": value}, default=unfit)
    except BaseException as error:
        traceback.print_exc()
        text = json.dumps({"error": error_of(error)})
    sys.stdout.flush()
    print(text, file=out, flush=True)
    os._exit(0)


def unfit(value: Any) -> Any:
    """Refuse a result that is not JSON."""
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


main()
