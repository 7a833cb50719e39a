"""CloudFormation values as values of a CDK program: references, intrinsic functions, and names of properties."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from typing import Any

from kit.rehearsal.blueprints import shared
from kit.rehearsal.source import Call, Choice, Code, Text, camel, py, snake, ts, whole

_PSEUDO = {
    "AWS::AccountId": "ACCOUNT_ID",
    "AWS::NotificationARNs": "NOTIFICATION_ARNS",
    "AWS::Partition": "PARTITION",
    "AWS::Region": "REGION",
    "AWS::StackId": "STACK_ID",
    "AWS::StackName": "STACK_NAME",
    "AWS::URLSuffix": "URL_SUFFIX",
}
_SIGNS = {"ts": {"and": " && ", "or": " || ", "not": "!", "equal": " === ", "unequal": " !== "}}
_SIGNS["py"] = {"and": " and ", "or": " or ", "not": "not ", "equal": " == ", "unequal": " != "}


class Values:
    """Writes values in one language.

    `resource` says how a resource's construct is called where the value stands, `named` how a parameter or condition is.
    """

    def __init__(self, language: str, resource: Callable[[str], str], named: Callable[[str], str | None]) -> None:
        self.language, self.resource, self.named = language, resource, named

    def properties(self, given: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a construct: properties of a resource by the names that they have in the language."""
        name = camel if self.language == "ts" else snake
        return {_safe(name(key), self.language): self.value(one, key) for key, one in given.items()}

    def value(self, given: Any, under: str = "", kept: bool = False) -> Any:
        """`given`, which stands under the property `under`; `kept` inside documents, whose keys stay as they are."""
        kept = kept or under in shared("cdk")["documents"] or (under == "Tags" and isinstance(given, dict))
        if isinstance(given, list):
            return [self.value(one, "", kept) for one in given]
        if not isinstance(given, dict):
            return given
        if len(given) == 1:
            [(name, inner)] = given.items()
            if name == "Ref":
                return None if inner == "AWS::NoValue" else self._reference(inner)
            if name.startswith("Fn::"):
                return self._function(name[4:], inner, kept)
        return {key if kept else camel(key): self.value(one, key, kept) for key, one in given.items()}

    def test(self, expression: Any, within: bool = False) -> str:
        """A condition's expression as source, in brackets where it stands `within` another and needs them."""
        if not isinstance(expression, dict):
            return self._text(self.value(expression))
        [(name, inner)] = expression.items()
        sign = _SIGNS[self.language]
        if name == "Condition":
            return self.named(inner) or inner
        if name == "Fn::Equals":
            return sign["equal"].join(self._text(self.value(one)) for one in inner)
        if name == "Fn::Not":
            made = self.test(inner[0])
            return (
                made.replace(sign["equal"], sign["unequal"]) if "Fn::Equals" in inner[0] else f"{sign['not']}({made})"
            )
        made = sign["and" if name == "Fn::And" else "or"].join(self.test(one, True) for one in inner)
        return f"({made})" if within else made

    def _text(self, value: Any) -> str:
        return ts(value) if self.language == "ts" else py(value)

    def _reference(self, name: str) -> Code:
        if name in _PSEUDO:
            return Code(f"cdk.Aws.{_PSEUDO[name]}")
        return Code(self.named(name) or f"{self.resource(name)}.ref")

    def _attribute(self, name: str, attribute: str) -> Code:
        made = camel(f"attr.{attribute}")
        return Code(f"{self.resource(name)}.{made if self.language == 'ts' else snake(made)}")

    def _call(self, name: str, *arguments: Any) -> Call:
        return Call(f"cdk.Fn.{name if self.language == 'ts' else snake(name)}", list(arguments))

    def _parts(self, value: Any) -> list[str]:
        """A value as parts of a text."""
        if isinstance(value, Text):
            return value.parts
        return [Code(self._text(value)) if isinstance(value, Call) else value if isinstance(value, str) else str(value)]

    def _function(self, name: str, inner: Any, kept: bool) -> Any:
        match name:
            case "GetAtt":
                return self._attribute(inner[0], ".".join(inner[1:]))
            case "Sub":
                return self._sub(inner)
            case "Join":
                if isinstance(inner[1], list):
                    parts = [part for one in inner[1] for part in (inner[0], self.value(one))]
                    return whole(Text([one for part in parts[1:] for one in self._parts(part)]))
                return self._call("join", inner[0], self.value(inner[1]))
            case "If":
                test = self.named(inner[0]) or inner[0]
                return Choice(test, *(self.value(one, "", kept) for one in inner[1:]))
            case "GetAZs":
                return self._call("getAzs", *([self.value(inner)] if inner else []))
            case "Select" | "Split" | "Cidr":
                return self._call(name.lower(), *(self.value(one) for one in inner))
            case "Base64" | "ImportValue":
                return self._call(camel(name), self.value(inner))
        raise ValueError(f"Fn::{name}: cannot be said in a program")

    def _sub(self, inner: Any) -> Any:
        text, more = (inner, {}) if isinstance(inner, str) else inner
        parts: list[str] = []
        for number, piece in enumerate(re.split(r"\$\{([^}]+)\}", text)):
            if number % 2 == 0:
                parts.append(piece)
            elif piece.startswith("!"):
                parts.append("${" + piece[1:] + "}")
            elif piece in more:
                parts += self._parts(self.value(more[piece]))
            elif "." in piece:
                parts.append(self._attribute(*piece.split(".", 1)))
            else:
                parts.append(self._reference(piece))
        return whole(Text(parts))


def _safe(name: str, language: str) -> str:
    """Argument names of jsii end with _ where they are keywords."""
    return f"{name}_" if language == "py" and keyword.iskeyword(name) else name
