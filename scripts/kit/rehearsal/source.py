"""Values as source text: literals, calls and names in TypeScript and Python, broken as prettier and black break them.

`None`, booleans, numbers, strings, lists and dicts are written as literals; `Code` is taken as it is, `Text` is a
string with code in it, `Call` a call, `Choice` one of two values.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

WIDTH = 100
_FLAT = 80  # a list or dict longer than this is broken also where it would fit
_TS_WORDS = """
    any arguments as async await boolean break case catch class const constructor continue debugger declare default
    delete do else enum eval export extends false finally for function if implements import in instanceof interface
    let module new null number of package private protected public require return static string super switch symbol
    this throw true try type typeof undefined var void while with yield
"""
_PY_WORDS = """
    abs all any bool bytes dict filter format hash help id input int iter len list map max min next object open print
    property range reversed round self set slice sorted str sum super tuple type vars zip
"""


class Code(str):
    """A piece of source that is taken as it is, such as `Code("bucket.attrArn")`."""


@dataclass
class Text:
    """A string with code in it: `Text(["a", Code("x"), "b"])` is `a${x}b` in TypeScript, f"a{x}b" in Python."""

    parts: list[str]


@dataclass
class Call:
    """A call. `named` is the object literal at the end of a TypeScript call, the keyword arguments of a Python call."""

    name: str
    positional: list[Any] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)


@dataclass
class Choice:
    """One of two values, by a test that is source: `test ? yes : no`, `yes if test else no`."""

    test: str
    yes: Any
    no: Any


def ts(value: Any, depth: int = 0, lead: int = 0, tail: int = 1) -> str:
    """`value` as TypeScript.

    `depth` is the indentation of the line on which it begins, in columns; `lead` is what stands on that line before it,
    `tail` what follows it there. None is `undefined`.
    """
    return _broken(value, depth, lead, tail, _TS)


def py(value: Any, depth: int = 0, lead: int = 0, tail: int = 1) -> str:
    """`value` as Python; the arguments are those of `ts`."""
    return _broken(value, depth, lead, tail, _PY)


def camel(name: str) -> str:
    """`BucketName`, `bucket_name` or `SSEAlgorithm` as `bucketName`, `sseAlgorithm`: the rule by which the CDK names."""
    if name == "VPCs":
        return "vpcs"
    apart = re.sub(r"([a-z])([A-Z])", r"\1-\2", name)
    apart = re.sub(r"([A-Z])([A-Z][a-z])", r"\1-\2", apart).lower()
    joined = re.sub(r"[_.\- ]+(\w|$)", lambda match: match[1].upper(), apart.lstrip("_.- "))
    made = re.sub(r"\d+\w", lambda match: match[0].upper(), joined)
    ending = next((one for one in ("ARNs", "MBs", "AZs") if name.endswith(one)), "")
    return made[: -len(ending)] + ending.replace("ARNs", "Arns") if ending else made


def snake(name: str) -> str:
    """`BucketName`, `bucketName` or `SSEAlgorithm` as `bucket_name`, `sse_algorithm`: the rule by which jsii names."""
    apart = re.sub(r"([a-z\d])([A-Z])", r"\1_\2", camel(name))
    return re.sub(r"([A-Z]+)([A-Z][a-z]+)", r"\1_\2", apart).lower()


def variable(name: str, language: str, taken: frozenset[str] | set[str] = frozenset()) -> str:
    """A variable's name for `name` in `language` (ts or py): no keyword, no built-in, none of `taken`."""
    made = re.sub(r"\W", "", camel(name) if language == "ts" else snake(name)) or "it"
    made = f"_{made}" if made[0].isdigit() else made
    while made in taken or _reserved(made, language):
        made += "Resource" if language == "ts" else "_resource"
    return made


def _reserved(name: str, language: str) -> bool:
    words = _TS_WORDS if language == "ts" else _PY_WORDS
    return re.search(rf"\b{name}\b", words) is not None or (language == "py" and keyword.iskeyword(name))


def whole(text: Text) -> Any:
    """`text` with neighbouring strings joined; the string or the code itself when it is nothing else."""
    parts: list[str] = []
    for part in text.parts:
        if parts and not isinstance(part, Code) and not isinstance(parts[-1], Code):
            parts[-1] += part
        elif part:
            parts.append(part)
    return Text(parts) if len(parts) > 1 else parts[0] if parts else ""


@dataclass(frozen=True)
class _Language:
    """What differs between the two languages."""

    indent: int
    nothing: str
    truth: dict[bool, str]
    text: Callable[[str], str]
    inside: Callable[[Text], str]
    key: Callable[[str], str]
    braces: tuple[str, str]


def _broken(value: Any, depth: int, lead: int, tail: int, how: _Language) -> str:
    flat = _flat(value, how)
    fits = flat is not None and depth + lead + len(flat) + tail <= WIDTH
    if flat is not None and ((fits and len(flat) <= _FLAT) or not _breakable(value)):
        return flat
    if isinstance(value, Call):
        # A call may fill its line: what is in it has been found short enough.
        return flat if flat is not None and fits and not _deep(value) else _broken_call(value, depth, lead, tail, how)
    if isinstance(value, Choice):
        return _broken_choice(value, depth, how)
    inner = depth + how.indent
    pad = " " * inner
    if isinstance(value, str | Text):
        lines = _lines(value)
        rows = [pad + _broken(line, inner, 0, 1, how) + "," for line in lines]
        body = "\n".join(["[", *rows, " " * depth + "]"])
        return (
            f"{body}.join('\\n')" if how is _TS else f'"\\n".join(\n{pad}{_indented(body, how.indent)}\n{" " * depth})'
        )
    if isinstance(value, list):
        return "\n".join(["[", *(pad + _broken(one, inner, 0, 1, how) + "," for one in value), " " * depth + "]"])
    rows = [_row(key, one, inner, how) for key, one in value.items()]
    return "\n".join(["{", *rows, " " * depth + "}"])


def _broken_choice(choice: Choice, depth: int, how: _Language) -> str:
    pad = " " * (depth + how.indent)
    if how is _TS:
        ends = [_broken(one, depth + 2 * how.indent, 2, 1, how) for one in (choice.yes, choice.no)]
        return f"{choice.test}\n{pad}? {ends[0]}\n{pad}: {ends[1]}"
    ends = [_broken(one, depth + how.indent, 5 * number, 1, how) for number, one in enumerate((choice.yes, choice.no))]
    return f"(\n{pad}{ends[0]}\n{pad}if {choice.test}\n{pad}else {ends[1]}\n{' ' * depth})"


def _row(key: str, value: Any, depth: int, how: _Language) -> str:
    name = how.key(key)
    if how is _TS and isinstance(value, Code) and value == name:
        return f"{' ' * depth}{name},"
    return f"{' ' * depth}{name}: {_broken(value, depth, len(name) + 2, 1, how)},"


def _broken_call(call: Call, depth: int, lead: int, tail: int, how: _Language) -> str:
    inner = depth + how.indent
    pad = " " * inner
    if how is _TS:
        values = [*call.positional, *([call.named] if call.named else [])]
        head = [_flat(one, how) for one in values[:-1]]
        # The object or list at the end opens on the line of the call.
        if values and isinstance(values[-1], dict | list | Call) and values[-1] and None not in head:
            start = f"{call.name}({''.join(f'{one}, ' for one in head)}"
            if depth + lead + len(start) + 1 <= WIDTH:
                return f"{start}{_broken(values[-1], depth, lead + len(start), tail + 1, how)})"
        rows = [pad + _broken(one, inner, 0, 1, how) + "," for one in values]
        return "\n".join([f"{call.name}(", *rows, " " * depth + ")"])
    rows = [pad + _broken(one, inner, 0, 1, how) + "," for one in call.positional]
    rows += [f"{pad}{key}={_broken(one, inner, len(key) + 1, 1, how)}," for key, one in call.named.items()]
    return "\n".join([f"{call.name}(", *rows, " " * depth + ")"])


def _flat(value: Any, how: _Language) -> str | None:
    """The value in one line, None when it cannot stand in one."""
    if isinstance(value, Code):
        return None if "\n" in value else str(value)
    if isinstance(value, str):
        return None if len(_lines(value)) > 1 else how.text(value)
    if isinstance(value, Text):
        return None if len(_lines(value)) > 1 else how.inside(value)
    if isinstance(value, Call):
        return _flat_call(value, how)
    if isinstance(value, Choice):
        yes, no = _flat(value.yes, how), _flat(value.no, how)
        if yes is None or no is None:
            return None
        return f"{value.test} ? {yes} : {no}" if how is _TS else f"{yes} if {value.test} else {no}"
    if isinstance(value, list):
        items = [_flat(one, how) for one in value]
        return None if None in items else f"[{', '.join(filter(None, items))}]"
    if isinstance(value, dict):
        return _flat_dict(value, how)
    if value is None:
        return how.nothing
    return how.truth[value] if isinstance(value, bool) else json.dumps(value)


def _flat_dict(value: dict[str, Any], how: _Language) -> str | None:
    pairs: list[str] = []
    for key, one in value.items():
        flat = _flat(one, how)
        if flat is None:
            return None
        name = how.key(key)
        same = how is _TS and isinstance(one, Code) and one == name
        pairs.append(name if same else f"{name}: {flat}")
    return f"{how.braces[0]}{', '.join(pairs)}{how.braces[1]}" if pairs else "{}"


def _flat_call(call: Call, how: _Language) -> str | None:
    values = [_flat(one, how) for one in call.positional]
    if how is _TS:
        values += [_flat(call.named, how)] if call.named else []
    else:
        for key, one in call.named.items():
            flat = _flat(one, how)
            values.append(None if flat is None else f"{key}={flat}")
    return None if None in values else f"{call.name}({', '.join(one for one in values if one is not None)})"


def _breakable(value: Any) -> bool:
    if isinstance(value, Call):
        return bool(value.positional or value.named)
    if isinstance(value, Choice):
        return True
    return isinstance(value, dict | list) and bool(value)


def _deep(call: Call) -> bool:
    """True for a call that is easier to read when broken: it holds more than one level of objects."""
    inner = [*call.positional, *call.named.values()]
    return len(call.named) > 3 or any(
        isinstance(one, dict) and any(_breakable(part) for part in one.values()) for one in inner
    )


def _lines(value: Any) -> list[Any]:
    """A text of several lines as its lines; one that only ends with a line break is one line."""
    parts: list[str] = list(value.parts) if isinstance(value, Text) else [value]
    if sum(part.count("\n") for part in parts if not isinstance(part, Code)) < 2:
        return [value]
    lines: list[list[str]] = [[]]
    for part in parts:
        if isinstance(part, Code):
            lines[-1].append(part)
            continue
        first, *rest = part.split("\n")
        lines[-1].append(first)
        lines += [[one] for one in rest]
    return [whole(Text(line)) for line in lines]


def _indented(text: str, by: int) -> str:
    return text.replace("\n", "\n" + " " * by)


def _quoted(bare: str, usual: str, other: str) -> str:
    """The text in its usual quotes, or in the others when fewer have to be escaped then."""
    mark = other if bare.count(usual) > bare.count(other) else usual
    return mark + bare.replace(mark, "\\" + mark) + mark


def _ts_text(text: str) -> str:
    bare = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"')
    return _quoted(bare, "'", '"')


def _ts_inside(text: Text) -> str:
    made = ""
    for part in text.parts:
        if isinstance(part, Code):
            made += "${" + part + "}"
        else:
            bare = json.dumps(part, ensure_ascii=False)[1:-1].replace('\\"', '"')
            made += bare.replace("`", "\\`").replace("${", "\\${")
    return f"`{made}`"


def _py_text(text: str) -> str:
    bare = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"')
    return _quoted(bare, '"', "'")


def _py_inside(text: Text) -> str:
    made = ""
    for part in text.parts:
        if isinstance(part, Code):
            made += "{" + part.replace('"', "'") + "}"
        else:
            made += json.dumps(part, ensure_ascii=False)[1:-1].replace("{", "{{").replace("}", "}}")
    # Quotes may not stand in the code of an f-string that has the same ones around it.
    if "'" not in made and '\\"' in made:
        return "f'" + made.replace('\\"', '"') + "'"
    return f'f"{made}"'


def _ts_key(key: str) -> str:
    if isinstance(key, Code):
        return f"[{key}]"
    return key if re.fullmatch(r"[A-Za-z_$][\w$]*", key) else _ts_text(key)


def _py_key(key: str) -> str:
    return str(key) if isinstance(key, Code) else _py_text(key)


_TS = _Language(2, "undefined", {True: "true", False: "false"}, _ts_text, _ts_inside, _ts_key, ("{ ", " }"))
_PY = _Language(4, "None", {True: "True", False: "False"}, _py_text, _py_inside, _py_key, ("{", "}"))
