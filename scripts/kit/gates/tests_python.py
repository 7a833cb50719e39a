"""Tests in Python: which are run, and whether anything they assert could fail."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

DEAD, PERHAPS, CONSTANT, LIVE = "dead", "perhaps", "constant", "live"
_TEMPLATE_CHECK = re.compile(
    r"has_(?:resource(?:_properties)?|output|parameter|mapping|condition|no_(?:error|warning|info))|"
    r"resource(?:_properties)?_count_is|all_resources(?:_properties)?|template_matches"
)
_SKIPS = re.compile(
    r"(?:^|\.)(?:skipif|skipIf|skipUnless|skipTest|SkipTest|xfail|expectedFailure|importorskip)$|^(?:pytest|unittest)\.skip$|"
    r"(?:^|\.)mark\.skip$|^skip$"
)
_CATCHES_CHECKS = re.compile(r"\b(?:AssertionError|Exception|BaseException)$")
_PLAIN_CALLS = frozenset({"len", "bool", "int", "str", "float", "list", "dict", "set", "tuple"})


def look(text: str) -> tuple[int, list[tuple[int, str]]]:
    """How many tests a file holds, and what is wrong with them, by line."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return 0, [(error.lineno or 0, f"not valid Python: {error.msg}")]
    found = rules_of_its_own(tree)
    found += sorted({(line, f"{words}: not every test is run") for line, words in _skips(tree)})
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    helpers = {
        node.name
        for node in functions
        if not node.name.startswith("test") and LIVE in set(_standings(node.body, set(), node))
    }
    tests = [node for node in functions if node.name.startswith("test")]
    for test in tests:
        standings = list(_standings(test.body, helpers, test))
        if not standings:
            found.append((test.lineno, "a test without an assertion"))
        elif LIVE in standings:
            continue
        elif PERHAPS in standings:
            found.append((test.lineno, "asserts only when a condition holds"))
        elif CONSTANT in standings:
            found.append((test.lineno, "asserts only what is always so"))
        else:
            found.append((test.lineno, "its assertions are never run, or what they find is passed over"))
    return len(tests), found


def count(text: str) -> tuple[int, int]:
    """How many tests a file holds, and how many assertions that are run and could fail."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return 0, 0
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    standings = [one for node in functions for one in _standings(node.body, set(), node)]
    tests = sum(node.name.startswith("test") for node in functions)
    return tests, standings.count(LIVE) + standings.count(PERHAPS)


def rules_of_its_own(tree: ast.Module) -> list[tuple[int, str]]:
    """What of a file tells pytest which tests there are and how they ended, by line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("pytest_"):
            found.append((node.lineno, f"{node.name}: a hook that can change which tests run and how they end"))
        elif isinstance(node, ast.Assign):
            names = {ast.unparse(target).rpartition(".")[2] for target in node.targets}
            for name in sorted(names & {"__test__", "collect_ignore", "collect_ignore_glob", "pytest_plugins"}):
                found.append((node.lineno, f"{name}: not every test is run as it is"))
    return found


def passes_over(text: str) -> bool:
    """True for Python that catches an error and does nothing about it."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return False
    return any(
        isinstance(node, ast.ExceptHandler) and all(_is_idle(statement) for statement in node.body)
        for node in ast.walk(tree)
    )


def _skips(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _SKIPS.search(ast.unparse(node)):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and _SKIPS.search(node.id):
            yield node.lineno, node.id


def _standings(body: Sequence[ast.stmt], helpers: set[str], test: ast.AST) -> Iterator[str]:
    """For each assertion of a block whether it is `live`, `constant`, run only `perhaps`, or `dead`."""
    leaves = perhaps = False
    for statement in body:
        if leaves:
            yield from (DEAD for _ in _own_checks(statement, helpers, test))
            continue
        found = list(_standings_in(statement, helpers, test))
        yield from (PERHAPS if perhaps and one == LIVE else one for one in found)
        leaves = isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break)
        perhaps = perhaps or (isinstance(statement, ast.If) and _ends_early(statement))


def _standings_in(statement: ast.stmt, helpers: set[str], test: ast.AST) -> Iterator[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            called = sum(isinstance(node, ast.Name) and node.id == statement.name for node in ast.walk(test))
            body = list(_standings(statement.body, helpers, test))
            yield from (one if called else DEAD for one in body)
        case ast.If():
            yield from _own_checks(statement.test, helpers, test)
            body = list(_standings(statement.body, helpers, test))
            other = list(_standings(statement.orelse, helpers, test))
            if _is_constant(statement.test, test):
                body = [DEAD if _is_false(statement.test) else one for one in body]
                yield from body + other
            elif LIVE in body and LIVE in other:
                yield LIVE
            else:
                yield from (PERHAPS if one == LIVE else one for one in body + other)
        case ast.Try():
            body = list(_standings(statement.body, helpers, test))
            hushed = any(_hushes(handler, helpers, test) for handler in statement.handlers)
            yield from (DEAD if hushed else one for one in body)
            for handler in statement.handlers:
                yield from _standings(handler.body, helpers, test)
            yield from _standings([*statement.orelse, *statement.finalbody], helpers, test)
        case ast.With() | ast.AsyncWith():
            suppressed = any("suppress(" in ast.unparse(item.context_expr) for item in statement.items)
            for item in statement.items:
                yield from _own_checks(item.context_expr, helpers, test)
            body = list(_standings(statement.body, helpers, test))
            yield from (DEAD if suppressed else one for one in body)
        case ast.For() | ast.AsyncFor() | ast.While():
            over = statement.test if isinstance(statement, ast.While) else statement.iter
            never = _is_constant(over, test) and _is_false(over)
            body = list(_standings([*statement.body, *statement.orelse], helpers, test))
            yield from (DEAD if never else one for one in body)
        case ast.Match():
            for case in statement.cases:
                yield from (PERHAPS if one == LIVE else one for one in _standings(case.body, helpers, test))
        case _:
            yield from _own_checks(statement, helpers, test)


def _own_checks(node: ast.AST, helpers: set[str], test: ast.AST) -> Iterator[str]:
    """For each assertion in one statement or expression whether it could fail."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert):
            yield CONSTANT if _always_so(inner.test, test) else LIVE
        elif isinstance(inner, ast.Call):
            name = ast.unparse(inner.func)
            last = name.rpartition(".")[2]
            if (
                last.startswith("assert")
                or name in ("pytest.raises", "pytest.fail")
                or name in helpers
                or last in helpers
            ):
                constant = (
                    inner.args and last not in ("raises", "fail") and all(_is_constant(one, test) for one in inner.args)
                )
                yield CONSTANT if constant else LIVE
            elif _TEMPLATE_CHECK.fullmatch(last) and isinstance(inner.func, ast.Attribute):
                yield LIVE


def _always_so(asserted: ast.expr, test: ast.AST) -> bool:
    """True for what cannot be false: a constant, one thing compared with itself, a tuple with something in it."""
    match asserted:
        case ast.Tuple(elts=[_, *_]) | ast.List(elts=[_, *_]):
            return True
        case ast.BoolOp(op=ast.Or()):
            return any(_always_so(one, test) for one in asserted.values)
        case ast.BoolOp(op=ast.And()):
            return all(_always_so(one, test) for one in asserted.values)
        case ast.Compare() if len({ast.unparse(one) for one in (asserted.left, *asserted.comparators)}) == 1:
            return True
    return _is_constant(asserted, test)


def _is_constant(node: ast.expr, test: ast.AST) -> bool:
    """True for an expression that depends on nothing: literals, len() of them, names that the test gives a literal once."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not (inner.id in _PLAIN_CALLS or _is_literal_name(inner.id, test)):
            return False
        if isinstance(inner, ast.Attribute | ast.Await | ast.Yield | ast.Lambda | ast.ListComp | ast.GeneratorExp):
            return False
    return True


def _is_literal_name(name: str, test: ast.AST) -> bool:
    stores = [
        node
        for node in ast.walk(test)
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ]
    given = [
        node
        for node in ast.walk(test)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and [ast.unparse(one) for one in node.targets] == [name]
    ]
    return len(stores) == 1 and len(given) == 1


def _is_false(node: ast.expr) -> bool:
    try:
        return not ast.literal_eval(node)
    except ValueError:
        return False


def _ends_early(statement: ast.If) -> bool:
    return any(isinstance(one, ast.Return) for one in statement.body)


def _hushes(handler: ast.ExceptHandler, helpers: set[str], test: ast.AST) -> bool:
    """True for a handler that takes a failed assertion and lets the test go on."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    catches = any(kind is None or _CATCHES_CHECKS.search(ast.unparse(kind)) for kind in kinds)
    raises = any(isinstance(node, ast.Raise) for one in handler.body for node in ast.walk(one))
    return catches and not raises and not list(_standings(handler.body, helpers, test))


def _is_idle(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
