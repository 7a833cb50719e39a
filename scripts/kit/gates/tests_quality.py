"""The tests test something: nothing skipped, nothing empty, and the integration tests ask the deployed stack."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from kit.errors import Failure
from kit.gates import scan, tests_python, tests_script
from kit.gates.model import Look
from kit.gates.subject import Subject

_MOCKS = re.compile(
    r"\bjest\s*\[|\bjest\.(?:mock|doMock|setMock|fn|spyOn|unstable_mockModule|useFakeTimers|createMockFromModule|requireMock|"
    r"replaceProperty)\b|\bvi\.(?:mock|fn|spyOn)\b|"
    r"aws-sdk-client-mock|\bmockClient\s*\(|\bmockResolvedValue|\bmockReturnValue|\bmockImplementation|"
    r"""\bnock\s*\(|["']nock["']|["']sinon["']|["']msw["']|\bproxyquire\b|"""
    r"\bunittest\.mock\b|\bunittest import [^\n]*\bmock\b|\bMagicMock\b|\bAsyncMock\b|\bmock_aws\b|\bmonkeypatch\b|"
    r"\bbotocore\.stub\b|\bStubber\s*\(|\bpulumi\.runtime\.set_?mocks\b|\bsetMocks\s*\(|@patch\b|\bpatch(?:\.\w+)?\s*\(|\bmocker\b|"
    r"\b(?:from|import)\s+(?:moto|responses|httpretty|vcr|placebo|requests_mock|pytest_mock)\b|"
    # Something of one's own in the place of a client, or of the cloud.
    r"\.prototype\.\w+\s*=(?!=)|\bglobal(?:This)?\.fetch\s*=(?!=)|\bcreateServer\s*\(|\bHTTPServer\s*\(|"
    r"(?<![.\w])(?<!function )send\s*(?::\s*(?:async\b|\(|\w+\s*=>|function\b)|\([^()]*\)\s*(?::[^{;]*)?\{)|"
    r"\bboto3\.\w+\s*=(?!=)|\bsetattr\s*\(\s*boto(?:3|core)\b"
)
_LIVE = re.compile(
    r"\.send\s*\(|\bfetch\s*\(|\baxios\b|\bhttps?\.(?:get|request)\s*\(|\bboto3\.(?:client|resource|Session)\s*\(|"
    r"\brequests\.(?:get|post|put|delete|head)\s*\(|\burlopen\s*\("
)
_CLIENT = re.compile(r"@aws-sdk/|\bboto3\b|\bfetch\s*\(|\baxios\b|\bhttps?\b|\brequests\b|\burllib\b")
_OUTPUTS_SOURCE = re.compile(r"jest/outputs|flat-outputs\.json|cfn-outputs")
_OUTPUTS_READ = re.compile(
    r"jest/outputs|\breadFile(?:Sync)?\s*\(|\brequire\s*\(|\bfrom\s+['\"][^'\"]*flat-outputs|\bread_text\s*\(|\bopen\s*\("
)
_OUTPUTS_USED = re.compile(
    r"\b(?:\w*[_-]?outputs?)\s*(?:\.\w|\[|\?\.|!)|[}\]]\s*=\s*\w*outputs?\b|[(,]\s*\w*outputs?\s*[,)]", re.I
)
# Outputs of the test's own, for the case that the stack gave none.
_OUTPUTS_MADE_UP = re.compile(
    r"(?:\|\||\?\?|\belse)\s*\{\s*[\"']?\w+[\"']?\s*:\s*[\"'`]|"
    r"\boutputs(?:\.\w+|\[[^\]\n]+\])\s*(?:\|\||\?\?)\s*[\"'`][^\"'`]|\boutputs\.get\s*\([^,()\n]+,\s*[\"'][^\"']",
    re.I,
)
_SWALLOWED = re.compile(r"\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}")
_IMPORTED = re.compile(r"""\b(?:from|(?:import|require)\s*\(?)\s*["'](\.{1,2}/[^"'\n]+)["']""")


def honest(subject: Subject) -> Look:
    """No test is skipped, focused, empty or without an assertion that could fail."""
    problems, seen = [], 0
    for name, text in subject.texts(test_files(subject.tests)).items():
        count, found = tests_python.look(text) if name.endswith(".py") else tests_script.look(text)
        seen += count
        problems += [f"{name}:{line}: {what}" for line, what in found]
        if not count:
            problems.append(f"{name}: holds no test")
    if not seen:
        raise Failure("no test below test/ or tests/")
    for name, text in subject.texts([name for name in subject.tests if name.endswith("conftest.py")]).items():
        problems += [f"{name}:{line}: {what}" for line, what in _rules(text)]
    for stage in ("unit", "integration"):
        known = subject.newest(stage)
        if known and known[1].figures.get("skipped"):
            problems.append(f"{known[0].name}: {known[1].figures['skipped']} tests were skipped when {stage} ran")
    return Look(f"{seen:,} tests assert something", problems)


def integration(subject: Subject) -> Look:
    """The integration tests read the deployed outputs, call the services, and mock nothing, nor does what they import."""
    names = [name for name in test_files(subject.tests) if is_integration(name)]
    if not names:
        raise Failure("no integration test (test/*.int.test.ts, tests/integration/)")
    problems = [
        f"{name}: jest puts it in the place of what is installed" for name in subject.tests if "/__mocks__/" in name
    ]
    for name, text in subject.texts(names).items():
        code = _without_comments(name, text)
        if not (_LIVE.search(code) and _CLIENT.search(code)):
            problems.append(f"{name}: makes no live call")
        if not _OUTPUTS_SOURCE.search(code):
            problems.append(f"{name}: does not read the outputs of the stack")
        elif not _OUTPUTS_READ.search(code):
            problems.append(f"{name}: names the outputs of the stack but does not read them")
        elif not _OUTPUTS_USED.search(re.sub(r"(?m)^\s*(?:import|from)\b.*$", "", code)):
            problems.append(f"{name}: reads the outputs of the stack but uses none of them")
        made_up = _OUTPUTS_MADE_UP.search(code)
        if made_up:
            problems.append(
                f"{name}: {' '.join(made_up[0].split())}: an output of the test's own where the stack gave none"
            )
        if _SWALLOWED.search(code) or (name.endswith(".py") and tests_python.passes_over(text)):
            problems.append(f"{name}: an empty catch hides what failed")
    for name, text in _with_imports(subject, names).items():
        found = _MOCKS.finditer(_without_comments(name, text))
        problems += [f"{name}: {' '.join(match[0].split())}: a mock in an integration test" for match in found]
    return Look(f"{len(names)} files of integration tests", problems)


def is_integration(name: str) -> bool:
    """True for the files that run against the deployed stack."""
    return bool(re.search(r"\.int(?:egration)?\.test\.[jt]s$", name)) or "/integration/" in name


def test_files(names: list[str]) -> list[str]:
    """Those of `names` that hold tests."""
    ends = re.compile(r"\.(?:test|spec)\.[jt]sx?$|(?:^|/)test_\w+\.py$|_test\.py$")
    return [name for name in names if ends.search(name)]


def _without_comments(name: str, text: str) -> str:
    return re.sub(r"(?m)(^|\s)#.*$", r"\1", text) if name.endswith(".py") else scan.without_comments(text)


def _rules(text: str) -> list[tuple[int, str]]:
    try:
        return tests_python.rules_of_its_own(ast.parse(text))
    except SyntaxError as error:
        return [(error.lineno or 0, f"not valid Python: {error.msg}")]


def _with_imports(subject: Subject, names: list[str]) -> dict[str, str]:
    """Those files, and the task's own files that they import, pytest's conftest.py among them."""
    left = {*subject.tests, *subject.code}
    due = [*names, *(one for name in names for one in _conftests(name))]
    found: dict[str, str] = {}
    while due:
        name = due.pop()
        if name in left:
            left.remove(name)
            found |= (texts := subject.texts([name]))
            due += [one for text in texts.values() for one in _imports(name, text)]
    return found


def _conftests(name: str) -> list[str]:
    return [f"{folder}/conftest.py" for folder in PurePosixPath(name).parents if name.endswith(".py")]


def _imports(name: str, text: str) -> list[str]:
    """Where the files that a file imports could lie."""
    folder = posixpath.dirname(name)
    if name.endswith(".py"):
        modules = [posixpath.normpath(module) for module in _modules(name, text)]
        return [f"{module}{end}" for module in modules for end in (".py", "/__init__.py")]
    files = [posixpath.normpath(f"{folder}/{match[1]}") for match in _IMPORTED.finditer(text)]
    return [f"{file}{end}" for file in files for end in ("", ".ts", ".js", ".mjs", ".tsx", "/index.ts", "/index.js")]


def _modules(name: str, text: str) -> Iterator[str]:
    """Where the modules that a Python file imports could lie: beside it, or below the folder that is tested."""
    folder = posixpath.dirname(name)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            dotted, places = [alias.name for alias in node.names], [".", folder]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            dotted = [module, *(f"{module}.{alias.name}" for alias in node.names)]
            # One dot is the file's own folder: the file's own path, one up.
            places = [name + "/.." * node.level] if node.level else [".", folder]
        else:
            continue
        yield from (f"{place}/{one.replace('.', '/')}" for place in places for one in dotted)
