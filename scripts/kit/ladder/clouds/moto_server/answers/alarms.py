"""CloudWatch: composite alarms, whose state is what their rule says of other alarms' states."""

from __future__ import annotations

import re
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm
from moto.cloudwatch.responses import CloudWatchResponse

_TERM = re.compile(r"\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(\"[^\"]*\"|'[^']*'|[^\s()]+)\s*\)|(\w+|[()]))")


def install() -> None:
    """Add them."""
    response: Any = CloudWatchResponse
    response.put_composite_alarm = _put
    describe = response.describe_alarms
    response.describe_alarms = lambda self: _settled(self, describe)
    alarm: Any = Alarm
    alarm.alarm_rule = property(lambda self: self.rule)


class Rule:
    """A rule, read as the service does: NOT before AND before OR. Raises `ValueError` where it cannot be read."""

    def __init__(self, text: str) -> None:
        self.names: list[str] = []
        self._terms: list[Any] = []
        place = 0
        while text[place:].strip():
            found = _TERM.match(text, place)
            if found is None:
                raise ValueError(f"cannot be read at {text[place:].strip()!r}")
            state, name, word = found.groups()
            if state:
                # An ARN names an alarm as its name does.
                plain = name.strip("\"'")
                plain = plain.partition(":alarm:")[2] if plain.startswith("arn:") else plain
                self.names.append(plain)
                self._terms.append((state, plain))
            else:
                self._terms.append(word)
            place = found.end()
        self.holds(dict.fromkeys(self.names, "OK"))

    def holds(self, states: dict[str, str]) -> bool:
        """Whether the rule holds when alarms have `states`."""
        left = list(self._terms)
        value = _any(left, states)
        if left:
            raise ValueError(f"cannot be read at {left[0]!r}")
        return value


def _any(left: list[Any], states: dict[str, str]) -> bool:
    value = _all(left, states)
    while left and left[0] == "OR":
        left.pop(0)
        other = _all(left, states)
        value = value or other
    return value


def _all(left: list[Any], states: dict[str, str]) -> bool:
    value = _one(left, states)
    while left and left[0] == "AND":
        left.pop(0)
        other = _one(left, states)
        value = value and other
    return value


def _one(left: list[Any], states: dict[str, str]) -> bool:
    term = left.pop(0) if left else "its end"
    if isinstance(term, tuple):
        state, name = term
        return states.get(name) == state
    if term == "NOT":
        return not _one(left, states)
    if term in ("TRUE", "FALSE"):
        return bool(term == "TRUE")
    if term == "(":
        value = _any(left, states)
        if left and left.pop(0) == ")":
            return value
        term = "an open parenthesis"
    raise ValueError(f"cannot be read at {term!r}")


def _put(response: Any) -> Any:
    alarms = response.cloudwatch_backend.alarms
    try:
        rule = Rule(response._get_param("AlarmRule"))
    except ValueError as error:
        raise ValidationError(f"AlarmRule {error}") from error
    missing = [name for name in rule.names if name not in alarms]
    if missing:
        raise ValidationError(f"AlarmRule names an alarm that is not there: {missing[0]}")
    return response.put_metric_alarm()


def _settled(response: Any, describe: Any) -> Any:
    alarms = response.cloudwatch_backend.alarms
    states = {name: alarm.state_value for name, alarm in alarms.items() if alarm.rule is None}
    waiting = {name: alarm for name, alarm in alarms.items() if alarm.rule is not None}
    # One composite alarm may be named by another: each round settles those whose parts are settled.
    for _ in range(len(waiting)):
        for name, alarm in waiting.items():
            wanted = "ALARM" if Rule(alarm.rule).holds(states) else "OK"
            states[name] = wanted
            if alarm.state_value != wanted:
                alarm.update_state(f"{alarm.rule} now yields {wanted}", "{}", wanted)
    return describe(response)
