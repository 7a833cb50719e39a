"""The measured gap between the first answer and the final files."""

from __future__ import annotations

import difflib
import io
import json
import re
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import Failure
from kit.gates import template
from kit.gates.language import makes_resources
from kit.gates.stacks import Stack, of_text

CATEGORIES = ("security", "network", "data-loss", "cost", "naming", "style", "function")
# Lists whose order means nothing.
_UNORDERED = (
    "Tags",
    "Action",
    "NotAction",
    "ManagedPolicyArns",
    "actions",
    "managed_policy_arns",
    "security_group_ids",
    "vpc_security_group_ids",
    "subnet_ids",
)
SUBSTANCE = ("security", "network", "data-loss", "cost", "function")


@dataclass(frozen=True)
class Change:
    """One difference: `how` is added, removed or changed; `property` is "" when the whole resource or file is meant."""

    how: str
    where: str
    property: str
    category: str


@dataclass(frozen=True)
class Gap:
    """All differences, and `same`: whether the code is equal once comments and layout are left out."""

    changes: list[Change] = field(default_factory=list)
    same: bool = True

    @property
    def categories(self) -> dict[str, int]:
        """How many differences there are of each category that occurs, most first."""
        return dict(Counter(change.category for change in self.changes).most_common())

    def as_dict(self) -> dict[str, Any]:
        """The gap as JSON: same, categories, changes."""
        return {
            "same": self.same,
            "categories": self.categories,
            "changes": [asdict(change) for change in self.changes],
        }


def measure(
    first: Mapping[str, str], final: Mapping[str, str], before: Sequence[Stack] = (), after: Sequence[Stack] = ()
) -> Gap:
    """Compare two sets of files (path -> content): templates by resource and property, programs by normalised code.

    `before` and `after` are what was synthesized of them, when both could be: they tell what a change of a program
    means, whose own lines then are a matter of style. Equal code is equal whatever was synthesized.
    """
    synthesized = bool(before and after)
    changes: list[Change] = []
    for path in sorted({*first, *final}):
        old, new = first.get(path), final.get(path)
        if old is not None and new is not None and normalised(path, old) == normalised(path, new):
            continue
        if _is_template(path) and old is not None and new is not None:
            found = list(_between_templates(path, old, new))
            changes += found or [Change("changed", path, "", "style")]
        else:
            told = synthesized and makes_resources(f"{old or ''}\n{new or ''}")
            changes += _between_programs(path, old, new, "style" if told else "function")
    if changes and synthesized:
        changes = [*_between_stacks(before, after), *changes]
    return Gap(changes, not changes)


def contradictions(gap: Gap, entries: list[dict[str, Any]], troubles: list[str]) -> list[str]:
    """What the claims and the measurements cannot both be; one line each.

    `entries` are the claimed failures, `troubles` what failed at the baseline.
    """
    found = []
    about_code = [entry for entry in entries if not _only_tests(entry)]
    if gap.same and about_code:
        found.append(f"{len(about_code):,} failures are claimed, but the first answer and the final code are equal")
    if not entries and troubles:
        found.append(f"no failure is claimed, but the baseline says: {troubles[0]}")
    if gap.same and troubles:
        found.append(f"the code is equal to the first answer, whose baseline says: {troubles[0]}")
    if not gap.same and not entries:
        found.append(f"no failure is claimed, but {len(gap.changes):,} differences were measured")
    return found


def normalised(path: str, text: str) -> str:
    """The code of a file without comments, blank lines and layout; of a template its content alone."""
    if _is_template(path):
        try:
            return json.dumps(_ordered(template.parse(text, path)), sort_keys=True)
        except Failure:
            return text
    if path.endswith(".py"):
        try:
            return " ".join(_python_words(text))
        except (tokenize.TokenError, SyntaxError):
            return _lines(text)
    if path.endswith((".ts", ".js", ".mjs", ".tsx")):
        from kit.gates.scan import without_comments

        return _lines(without_comments(text))
    return _lines(text)


def category(kind: str, path: str) -> str:
    """What a difference in property `path` of a resource of type `kind` is about."""
    if kind.startswith("aws_"):
        path = re.sub(r"(?:^|(?<=\.)|_)([a-z])", lambda one: one[1].upper(), path)
    for row in _rows():
        if re.search(row.get("type", ""), kind, re.I) and re.search(row.get("path", ""), path, re.I):
            return str(row["category"])
    return "function"


def _between_templates(path: str, before: str, after: str) -> Iterator[Change]:
    try:
        old, new = of_text(path, before), of_text(path, after)
    except Failure:
        yield from _between_programs(path, before, after)
        return
    yield from _between(old, new)


def _between_stacks(before: Sequence[Stack], after: Sequence[Stack]) -> Iterator[Change]:
    """Differences between what was synthesized: stack by stack, whatever is in only one of them as added or removed."""
    old, new = ({stack.path: stack for stack in stacks} for stacks in (before, after))
    for path in sorted({*old, *new}):
        if path in old and path in new:
            yield from _between(old[path], new[path])
        else:
            one, how = (new[path], "added") if path in new else (old[path], "removed")
            for address, resource in one.resources.items():
                yield Change(how, address, "", category(resource.kind, ""))


def _between(old: Stack, new: Stack) -> Iterator[Change]:
    was, now = old.sections(), new.sections()
    for section in sorted({*was, *now}):
        for place, how in _differences(was.get(section), now.get(section), (section,)):
            yield Change(how, section, ".".join(place[1:]), _of_section(place))
    for name in sorted({*old.resources, *new.resources}):
        left, right = old.resources.get(name), new.resources.get(name)
        if left is None or right is None:
            there = right or left
            yield Change("added" if left is None else "removed", name, "", category(there.kind if there else "", ""))
            continue
        for place, how in _differences(old.properties(left), new.properties(right), ()):
            yield Change(how, name, ".".join(place), category(right.kind, ".".join(place)))


def _of_section(place: tuple[str, ...]) -> str:
    if place[0] == "data" and len(place) > 1:
        return category(place[1], ".".join(place[3:]))
    return "naming" if "Export" in place else "style" if place[0] in ("Metadata", "Description") else "function"


def _differences(old: Any, new: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if old is None and new is None:
        return
    if old is None or new is None:
        yield place, "added" if old is None else "removed"
    elif isinstance(old, dict) and isinstance(new, dict) and not (_is_function(old) or _is_function(new)):
        for key in sorted({*old, *new}):
            yield from _differences(old.get(key), new.get(key), (*place, str(key)))
    elif _ordered(old) != _ordered(new):
        yield place, "changed"


def _is_function(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref", "Condition"))


def _ordered(value: Any) -> Any:
    """The same value with everything whose order means nothing in one order: tags, lists of actions."""
    if isinstance(value, dict):
        return {
            key: sorted((_ordered(one) for one in inner), key=lambda one: json.dumps(one, sort_keys=True))
            if key in _UNORDERED and isinstance(inner, list)
            else _ordered(inner)
            for key, inner in value.items()
        }
    return [_ordered(one) for one in value] if isinstance(value, list) else value


def _between_programs(path: str, before: str | None, after: str | None, kind: str = "function") -> list[Change]:
    if before is None or after is None:
        return [Change("added" if before is None else "removed", path, "", kind)]
    old, new = normalised(path, before).splitlines(), normalised(path, after).splitlines()
    changed = sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in difflib.unified_diff(old, new, n=0))
    return [Change("changed", path, f"{changed:,} lines" if len(old) + len(new) > 2 else "", kind)]


def _python_words(text: str) -> Iterator[str]:
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.INDENT:
            yield "{"
        elif token.type == tokenize.DEDENT:
            yield "}"
        elif token.type not in layout:
            yield "\n" if token.type == tokenize.NEWLINE else token.string


def _lines(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _is_template(path: str) -> bool:
    return path.endswith((".yml", ".yaml", ".json"))


def _only_tests(entry: dict[str, Any]) -> bool:
    names = entry.get("files") or []
    return bool(names) and all(str(name).startswith(("test/", "tests/")) for name in names)


@cache
def _rows() -> list[dict[str, str]]:
    path = Path(__file__).with_name("gap_categories.toml")
    rows: list[dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))["row"]
    return rows
