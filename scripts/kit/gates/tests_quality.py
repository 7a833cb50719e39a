"""The tests test something: nothing skipped, nothing empty, and the integration tests ask the deployed stack."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit.errors import Failure
from kit.gates import scan
from kit.gates.model import Look
from kit.gates.subject import Subject

_SKIPPED_CALL = re.compile(
    r"\b(?:it|test|describe)(?:\.\w+)*\.(skip|only|todo|failing|skipIf|runIf)\b|\b(xit|xtest|xdescribe|fit|fdescribe|pending)\s*\("
)
# The assertions of cdk's Template throw by themselves; its find... only look.
_REAL_CHECK = re.compile(
    r"\bexpect\s*\(|\bassert(?:\.\w+)?\s*\(|\.(?:hasResource(?:Properties)?|resource(?:Properties)?CountIs|"
    r"hasOutput|hasParameter|hasMapping|hasCondition|allResources(?:Properties)?|templateMatches|hasNo(?:Warning|Error|Info))\s*\("
)
_CONSTANT = re.compile(
    r"\bexpect\s*\(\s*(?:true|false|null|undefined|-?\d[\d_.]*|'[^'\n]*'|\"[^\"\n]*\"|`[^`$]*`|\[\s*\]|\{\s*\})\s*\)"
    r"|\bassert(?:\.ok)?\s*\(\s*(?:true|1)\s*[,)]"
)
_SAME = re.compile(r"\bexpect\s*\(\s*([\w.\[\]'\"]+)\s*\)\s*\.(?:toBe|toEqual|toStrictEqual)\s*\(\s*\1\s*\)")
_FUNCTION = re.compile(
    r"\b(?:async\s+)?function\s+(\w+)\s*\(|\b(?:const|let)\s+(\w+)\s*=\s*(?:async\s*)?(?:\(|\w+\s*=>)"
)
_TEMPLATE_CHECK = re.compile(
    r"has_(?:resource(?:_properties)?|output|parameter|mapping|condition|no_(?:error|warning|info))|"
    r"resource(?:_properties)?_count_is|all_resources(?:_properties)?|template_matches"
)
_MOCKS = re.compile(
    r"\bjest\.(?:mock|doMock|fn|spyOn|unstable_mockModule|useFakeTimers)\b|\bvi\.(?:mock|fn|spyOn)\b|"
    r"aws-sdk-client-mock|\bmockClient\s*\(|\bmockResolvedValue|\bmockReturnValue|\bmockImplementation|"
    r"""\bnock\s*\(|["']nock["']|["']sinon["']|["']msw["']|\bproxyquire\b|"""
    r"\bunittest\.mock\b|\bMagicMock\b|\bAsyncMock\b|\bmock_aws\b|\bmonkeypatch\b|\bbotocore\.stub\b|\bStubber\s*\(|"
    r"\bpulumi\.runtime\.set_?mocks\b|\bsetMocks\s*\(|@patch\b|\bpatch\.(?:object|dict)\s*\(|\b(?:from|import)\s+moto\b|\bmocker\b"
)
_LIVE = re.compile(
    r"\.send\s*\(|\bfetch\s*\(|\baxios\b|\bhttps?\.(?:get|request)\s*\(|\bboto3\.(?:client|resource|Session)\s*\(|"
    r"\brequests\.(?:get|post|put|delete|head)\s*\(|\burlopen\s*\("
)
_CLIENT = re.compile(r"@aws-sdk/|\bboto3\b|\bfetch\s*\(|\baxios\b|\bhttps?\b|\brequests\b|\burllib\b")
_OUTPUTS_SOURCE = re.compile(r"jest/outputs|flat-outputs\.json|cfn-outputs")
_OUTPUTS_USED = re.compile(
    r"\b(?:\w*[_-]?outputs?)\s*(?:\.\w|\[|\?\.|!)|[}\]]\s*=\s*\w*outputs?\b|[(,]\s*\w*outputs?\s*[,)]", re.I
)
_SWALLOWED = re.compile(r"\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}")


def honest(subject: Subject) -> Look:
    """No test is skipped, focused, empty or without an assertion that could fail."""
    problems, seen = [], 0
    for name, text in subject.texts(_test_files(subject)).items():
        count, found = _python(text) if name.endswith(".py") else _script(text)
        seen += count
        problems += [f"{name}:{line}: {what}" for line, what in found]
        if not count:
            problems.append(f"{name}: holds no test")
    if not seen:
        raise Failure("no test below test/ or tests/")
    for stage in ("unit", "integration"):
        known = subject.newest(stage)
        if known and known[1].figures.get("skipped"):
            problems.append(f"{known[0].name}: {known[1].figures['skipped']} tests were skipped when {stage} ran")
    return Look(f"{seen:,} tests assert something", problems)


def integration(subject: Subject) -> Look:
    """The integration tests read the deployed outputs, call the services, and mock nothing."""
    names = [name for name in _test_files(subject) if is_integration(name)]
    if not names:
        raise Failure("no integration test (test/*.int.test.ts, tests/integration/)")
    problems = []
    for name, text in subject.texts(names).items():
        code = _without_comments(name, text)
        problems += [f"{name}: {match[0].strip()}: a mock in an integration test" for match in _MOCKS.finditer(code)]
        if not (_LIVE.search(code) and _CLIENT.search(code)):
            problems.append(f"{name}: makes no live call")
        if not _OUTPUTS_SOURCE.search(code):
            problems.append(f"{name}: does not read the outputs of the stack")
        elif not _OUTPUTS_USED.search(re.sub(r"(?m)^\s*(?:import|from)\b.*$", "", code)):
            problems.append(f"{name}: reads the outputs of the stack but uses none of them")
        if _SWALLOWED.search(code) or (name.endswith(".py") and _passes_over(text)):
            problems.append(f"{name}: an empty catch hides what failed")
    return Look(f"{len(names)} files of integration tests", problems)


def is_integration(name: str) -> bool:
    """True for the files that run against the deployed stack."""
    return bool(re.search(r"\.int(?:egration)?\.test\.[jt]s$", name)) or "/integration/" in name


def _test_files(subject: Subject) -> list[str]:
    ends = re.compile(r"\.(?:test|spec)\.[jt]sx?$|(?:^|/)test_\w+\.py$|_test\.py$")
    return [name for name in subject.tests if ends.search(name)]


def _without_comments(name: str, text: str) -> str:
    return re.sub(r"(?m)(^|\s)#.*$", r"\1", text) if name.endswith(".py") else scan.without_comments(text)


def _script(text: str) -> tuple[int, list[tuple[int, str]]]:
    blanked = scan.code_only(text)
    found = [
        (text.count("\n", 0, match.start()) + 1, f"{match[0].rstrip('( ')}: not every test is run")
        for match in _SKIPPED_CALL.finditer(blanked)
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
        calls_helper = any(re.search(rf"\b{re.escape(name)}\s*\(", test.blanked) for name in helpers)
        if not _REAL_CHECK.search(test.blanked) and not calls_helper:
            found.append((test.line, "a test without an assertion"))
        elif not calls_helper and _only_constants(test):
            found.append((test.line, "asserts only what is always so"))
    return len(tests), found


def _only_constants(test: scan.Test) -> bool:
    code = scan.without_comments(test.written)
    checks = len(_REAL_CHECK.findall(scan.code_only(test.written)))
    return checks <= len(_CONSTANT.findall(code)) + len(_SAME.findall(code))


def _asserting_helpers(blanked: str) -> set[str]:
    """Names of the file's own functions that assert."""
    found = set()
    for match in _FUNCTION.finditer(blanked):
        start = blanked.find("{", match.end() - 1)
        if start >= 0 and _REAL_CHECK.search(blanked[start : scan.call_end(blanked, start)]):
            found.add(match[1] or match[2])
    return found


def _python(text: str) -> tuple[int, list[tuple[int, str]]]:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return 0, [(error.lineno or 0, f"not valid Python: {error.msg}")]
    found: list[tuple[int, str]] = []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    helpers = {node.name for node in functions if not node.name.startswith("test") and not all(_asserts(node, set()))}
    tests = [node for node in functions if node.name.startswith("test")]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for mark in node.decorator_list:
                words = ast.unparse(mark)
                if re.search(r"\b(?:skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b", words):
                    found.append((mark.lineno, f"@{words}: not every test is run"))
        elif isinstance(node, ast.Call) and re.search(
            r"(?:^|\.)(?:skip|skipTest|importorskip|xfail)$", ast.unparse(node.func)
        ):
            found.append((node.lineno, f"{ast.unparse(node.func)}: not every test is run"))
    for test in tests:
        checks = list(_asserts(test, helpers))
        if not checks:
            found.append((test.lineno, "a test without an assertion"))
        elif all(constant for constant in checks):
            found.append((test.lineno, "asserts only what is always so"))
    return len(tests), found


def _always_so(test: ast.expr) -> bool:
    """True for a constant, and for a comparison of constants or of one thing with itself."""
    if isinstance(test, ast.Compare):
        sides = [test.left, *test.comparators]
        return all(isinstance(one, ast.Constant) for one in sides) or len({ast.unparse(one) for one in sides}) == 1
    return isinstance(test, ast.Constant)


def _passes_over(text: str) -> bool:
    """True for Python that catches an error and does nothing about it."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return False
    return any(
        isinstance(node, ast.ExceptHandler)
        and all(isinstance(one, ast.Pass | ast.Expr) and _idle(one) for one in node.body)
        for node in ast.walk(tree)
    )


def _idle(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _asserts(node: ast.AST, helpers: set[str]) -> Iterator[bool]:
    """For each assertion inside `node` whether it is a constant one."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert):
            yield _always_so(inner.test)
        elif isinstance(inner, ast.Call):
            name = ast.unparse(inner.func)
            last = name.rpartition(".")[2]
            if last.startswith("assert") or name == "pytest.raises" or name in helpers or last in helpers:
                yield bool(inner.args) and all(isinstance(one, ast.Constant) for one in inner.args) and last != "raises"
            elif _TEMPLATE_CHECK.fullmatch(last) and isinstance(inner.func, ast.Attribute):
                yield False
