"""The measured gap between the first answer and the final files."""

from __future__ import annotations

import difflib
import io
import json
import re
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import Failure
from kit.gates import template

CATEGORIES = ("security", "network", "data-loss", "cost", "naming", "style", "function")
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


def measure(first: Mapping[str, str], final: Mapping[str, str]) -> Gap:
    """Compare two sets of files (path -> content): templates by resource and property, programs by normalised code."""
    changes: list[Change] = []
    for path in sorted({*first, *final}):
        before, after = first.get(path), final.get(path)
        if before is not None and after is not None and normalised(path, before) == normalised(path, after):
            continue
        if _is_template(path) and before is not None and after is not None:
            found = list(_between_templates(path, before, after))
            changes += found or [Change("changed", path, "", "style")]
        else:
            changes += _between_programs(path, before, after)
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
    for row in _rows():
        if re.search(row.get("type", ""), kind, re.I) and re.search(row.get("path", ""), path, re.I):
            return str(row["category"])
    return "function"


def _between_templates(path: str, before: str, after: str) -> Iterator[Change]:
    try:
        old, new = template.parse(before, path), template.parse(after, path)
    except Failure:
        yield from _between_programs(path, before, after)
        return
    for section in sorted({*old, *new} - {"Resources"}):
        for place, how in _differences(old.get(section), new.get(section), (section,)):
            kind = "naming" if "Export" in place else "style" if section in ("Metadata", "Description") else "function"
            yield Change(how, section, ".".join(place[1:]), kind)
    was, now = _mapping(old.get("Resources")), _mapping(new.get("Resources"))
    for name in sorted({*was, *now}):
        if name not in was or name not in now:
            how = "added" if name not in was else "removed"
            kind = str(_mapping(now.get(name) or was.get(name)).get("Type", ""))
            yield Change(how, name, "", category(kind, ""))
            continue
        left, right = _mapping(was[name]), _mapping(now[name])
        kind = str(right.get("Type", ""))
        for place, how in _differences(_flat(left), _flat(right), ()):
            yield Change(how, name, ".".join(place), category(kind, ".".join(place)))


def _flat(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key != "Properties"} | template.properties(resource)


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
            if key in ("Tags", "Action", "NotAction", "ManagedPolicyArns") and isinstance(inner, list)
            else _ordered(inner)
            for key, inner in value.items()
        }
    return [_ordered(one) for one in value] if isinstance(value, list) else value


def _between_programs(path: str, before: str | None, after: str | None) -> list[Change]:
    if before is None or after is None:
        return [Change("added" if before is None else "removed", path, "", "function")]
    old, new = normalised(path, before).splitlines(), normalised(path, after).splitlines()
    changed = sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in difflib.unified_diff(old, new, n=0))
    return [Change("changed", path, f"{changed:,} lines" if len(old) + len(new) > 2 else "", "function")]


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


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _only_tests(entry: dict[str, Any]) -> bool:
    names = entry.get("files") or []
    return bool(names) and all(str(name).startswith(("test/", "tests/")) for name in names)


@cache
def _rows() -> list[dict[str, str]]:
    path = Path(__file__).with_name("gap_categories.toml")
    rows: list[dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))["row"]
    return rows
