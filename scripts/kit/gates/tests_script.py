"""Tests in TypeScript and JavaScript: which are run, and whether anything they assert could fail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.gates import scan

_SKIPPED_CALL = re.compile(
    r"\b(?:it|test|describe)(?:\.\w+)*\.(skip|only|todo|failing|skipIf|runIf)\b|"
    r"\((?:it|test|describe) as \w+\)\s*\.(skip|only|todo|failing)\b|"
    r"\b(xit|xtest|xdescribe|fit|fdescribe|pending)\s*\("
)
_SKIPPED_WORD = re.compile(r"""\b(?:it|test|describe)\s*\[\s*['"`](?:skip|only|todo|failing)['"`]\s*\]""")
# The assertions of cdk's Template throw by themselves; its find... only look.
_REAL_CHECK = re.compile(
    r"\bexpect\s*\(|\bassert(?:\.\w+)?\s*\(|\.(?:hasResource(?:Properties)?|resource(?:Properties)?CountIs|"
    r"hasOutput|hasParameter|hasMapping|hasCondition|allResources(?:Properties)?|templateMatches|hasNo(?:Warning|Error|Info))\s*\("
)
_SAME = re.compile(r"\s*([\w.\[\]'\"]+)\s*\)\s*\.(?:toBe|toEqual|toStrictEqual)\s*\(\s*\1\s*\)")
_FUNCTION = re.compile(
    r"\b(?:async\s+)?function\s+(\w+)\s*(?=\()|\b(?:const|let)\s+(\w+)\s*=\s*(?:async\s*)?(?=\(|\w+\s*=>)"
)
# What lies between the parameters of a function and its body.
_ARROW = re.compile(r"\w*\s*(?::[^;]*?)?=>\s*")
_RETURN_TYPE = re.compile(r"[^;{]*(?=\{)")
_WORD = re.compile(r"(?<![\w$.])[A-Za-z_$][\w$]*")
_CONSTANT_WORDS = frozenset({"true", "false", "null", "undefined", "NaN", "Infinity", "void", "typeof"})
_RETURNS = re.compile(r"\breturn\s*(?:undefined\s*)?(?:;|(?=\}))")
_NEVER = re.compile(r"\b(?:if|while)\s*\(\s*(?:false|0|null|undefined|!true)\s*\)\s*$|\bof\s+\[\s*\]\s*\)\s*$")
_IF = re.compile(r"\bif\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\s*$")
_NAMED = re.compile(
    r"\b(?:const|let)\s+(\w+)\s*=\s*(?:async\s*)?(?:\([^()]*\)|\w+)\s*(?::[^=;{}]+)?=>\s*$|\bfunction\s+(\w+)\s*\([^()]*\)\s*(?::[^{;]+)?$"
)
_CAUGHT = re.compile(r"\s*catch\s*(?:\([^()]*\)\s*)?(?=\{)")
# What in a catch block lets the test fail, or looks at what was thrown.
_FAILS = re.compile(r"\bthrow\b|\bexpect\b|\bassert\b|\bfail\s*\(|\bdone\s*\(|\breject\w*\s*\(")
_HUSHED = re.compile(
    r"\.catch\s*\(\s*(?:async\s*)?(?:\([^()]*\)|\w+)\s*=>\s*(?:\{\s*\}|undefined\b|null\b|void 0|console\.\w+\()"
)


def look(text: str) -> tuple[int, list[tuple[int, str]]]:
    """How many tests a file holds, and what is wrong with them, by line."""
    blanked = scan.code_only(text)
    found = [
        (text.count("\n", 0, match.start()) + 1, f"{match[0].rstrip('( ')}: not every test is run")
        for pattern, where in ((_SKIPPED_CALL, blanked), (_SKIPPED_WORD, scan.without_comments(text)))
        for match in pattern.finditer(where)
    ]
    helpers = _asserting_helpers(blanked)
    tests = scan.tests(text)
    for test in tests:
        if re.search(r"\.(?:skip|todo|only|failing)\b", test.modifiers):
            continue
        # The first argument is the name; what is left is the body.
        if not re.search(r"=>|\bfunction\b", test.blanked):
            if not re.search(r",\s*\w+\s*[,)]", test.blanked):
                found.append((test.line, "a test without a body"))
            continue
        found += [(test.line, problem) for problem in _judged(test, helpers, text)]
    return len(tests), found


def count(text: str) -> tuple[int, int]:
    """How many tests a file holds, and how many assertions that are run and could fail."""
    tests = scan.tests(text)
    idle = [
        at
        for test in tests
        for at in (match.start() for match in _REAL_CHECK.finditer(test.blanked))
        if _is_bare(test.blanked, at) or _standing(test.blanked, at) == "dead" or _always_so(test, at, text)
    ]
    return len(tests), len(_REAL_CHECK.findall(scan.code_only(text))) - len(idle)


def _judged(test: scan.Test, helpers: set[str], text: str) -> Iterator[str]:
    calls_helper = any(re.search(rf"(?<!function )\b{re.escape(name)}\s*\(", test.blanked) for name in helpers)
    checks = [match.start() for match in _REAL_CHECK.finditer(test.blanked)]
    bare = [at for at in checks if _is_bare(test.blanked, at)]
    if bare:
        yield "expect without a matcher asserts nothing"
    if calls_helper:
        return
    standing = [_standing(test.blanked, at) for at in checks if at not in bare]
    if not standing:
        if not bare:
            yield "a test without an assertion"
    elif all(one == "dead" for one in standing):
        yield "its assertions are never run, or what they find is passed over"
    elif all(one != "live" for one in standing):
        yield "asserts only when a condition holds"
    elif all(_always_so(test, at, text) for at in checks):
        yield "asserts only what is always so"
    if standing and _HUSHED.search(test.blanked):
        yield "a catch passes over what the assertions find"


def _is_bare(blanked: str, at: int) -> bool:
    if not blanked.startswith("expect", at):
        return False
    after = blanked[scan.call_end(blanked, blanked.index("(", at)) :].lstrip()
    return not after.startswith((".", "["))


def _standing(blanked: str, at: int) -> str:
    """`dead` for a check that is never run or whose failure is passed over, `perhaps` for one that depends, else `live`."""
    standing = "live"
    inner = at
    # From the innermost block outward, the test's own function last.
    for start, end in _blocks(blanked, at):
        before = blanked[:start]
        left = _outside_functions(blanked[start + 1 : inner])
        for match in _RETURNS.finditer(left):
            head = left[: match.start()]
            if head.count("{") == head.count("}") and not re.search(r"\bif\s*\([^;{}]*$", head):
                return "dead"
            standing = "perhaps"
        if _NEVER.search(before):
            return "dead"
        named = _NAMED.search(before)
        if named:
            name = named[1] or named[2]
            if len(re.findall(rf"(?<![\w$.]){re.escape(name)}(?![\w$])", blanked)) < 2:
                return "dead"
        caught = _CAUGHT.match(blanked, end)
        if caught and not _FAILS.search(blanked[caught.end() : scan.call_end(blanked, caught.end())]):
            return "dead"
        if _IF.search(before) and not blanked[end:].lstrip().startswith("else"):
            standing = "perhaps"
        inner = start
    return standing


def _blocks(blanked: str, at: int) -> Iterator[tuple[int, int]]:
    """The braces around a place, innermost first: where each opens, and the place after it closes."""
    open_ones: list[int] = []
    for place, char in enumerate(blanked[:at]):
        if char == "{":
            open_ones.append(place)
        elif char == "}" and open_ones:
            open_ones.pop()
    for start in reversed(open_ones):
        yield start, scan.call_end(blanked, start)


def _outside_functions(text: str) -> str:
    """`text` with the bodies of functions as spaces."""
    for match in re.finditer(r"(?:=>|\bfunction\s*\w*\s*\([^()]*\))\s*(?=\{)", text):
        start, end = match.end(), scan.call_end(text, match.end())
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _always_so(test: scan.Test, at: int, text: str) -> bool:
    """True for a check of a constant, or of one thing with itself."""
    opened = test.blanked.index("(", at)
    end = scan.call_end(test.blanked, opened)
    given = test.blanked[opened + 1 : end - 1]
    if test.blanked.startswith("assert", at):
        return not _words(given.partition(",")[0])
    if _SAME.match(test.written, opened + 1):
        return True
    matcher = re.match(r"\s*(?:\.\w+|\[[^\]]*\])+\s*(?=\()", test.blanked[end:])
    if matcher is None or not all(_is_constant(name, text) for name in _words(given)):
        return False
    start = end + matcher.end()
    return not _words(test.blanked[start : scan.call_end(test.blanked, start)])


def _words(code: str) -> set[str]:
    """What an expression depends on: its names, but those of constants."""
    return set(_WORD.findall(code)) - _CONSTANT_WORDS


def _is_constant(name: str, text: str) -> bool:
    """True for a name that the file gives a literal once and for all."""
    literal = r"(?:true|false|null|undefined|-?\d[\d_.]*|'[^'\n]*'|\"[^\"\n]*\"|`[^`$]*`)"
    return bool(re.search(rf"\bconst\s+{re.escape(name)}\s*(?::\s*\w+\s*)?=\s*{literal}\s*;", text))


def _asserting_helpers(blanked: str) -> set[str]:
    """Names of the file's own functions that assert."""
    return {match[1] or match[2] for match in _FUNCTION.finditer(blanked) if _REAL_CHECK.search(_body(blanked, match))}


def _body(blanked: str, match: re.Match[str]) -> str:
    """The body of a function that begins at `match`: its block, or the expression behind its arrow."""
    at = match.end()
    after = scan.call_end(blanked, at) if blanked[at] == "(" else at
    between = (_ARROW if match[2] else _RETURN_TYPE).match(blanked, after)
    if between is None:
        return ""
    start = between.end()
    if blanked.startswith("{", start):
        return blanked[start : scan.call_end(blanked, start)]
    return blanked[start:].partition(";")[0]
