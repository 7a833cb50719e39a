"""Mutation test of the gates: change one thing at a time in scripts/kit/gates and see whether a test notices.

Each mutant is written to a copy of the project, so nothing here is touched. Once at the start every test is run and
noted with the lines it reaches; then a mutant is shown to the tests that reach its line. One that survives them all
shows a rule that nobody checks. Prints the survivors and the share that was killed, by module and in all.

Example:
    python scripts/bench/mutate_gates.py --every 7 --modules rule minimal score
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path, PurePosixPath
from queue import Queue
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit import cli, command, say
from kit.errors import Failure
from kit.settings import TOOLKIT

GATES = Path("scripts") / "kit" / "gates"
# Tests that take so many seconds together are asked about one mutant.
MOST = 20.0
# Pytest's status when it collected nothing to run.
NO_TEST_RAN = 5
# Repositories are made and copied by the hundred: where there is memory to do it in, no disk is waited for.
MEMORY = Path("/dev/shm")
_SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    """One change: the module, the line, what was changed, and the module's new text."""

    module: str
    line: int
    what: str
    text: str


def mutants(path: Path) -> Iterator[Mutant]:
    """Every single change of `path`: comparisons, and/or, not, constants, conditions, added problems."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # A dataclass that is no longer frozen behaves the same; what is imported for types alone is not run.
    spared = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        for one in node.decorator_list
        for inner in ast.walk(one)
    } | {id(node) for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"}
    for number, node in enumerate(list(ast.walk(tree))):
        if id(node) in spared:
            continue
        for what, change in _changes(node):
            own = copy.deepcopy(tree)
            target = list(ast.walk(own))[number]
            change(target)
            line = node.iter.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 0)
            yield Mutant(_module(path), line, what, ast.unparse(ast.fix_missing_locations(own)))


def _module(path: Path) -> str:
    return path.relative_to(TOOLKIT / GATES).with_suffix("").as_posix()


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    raise_if = ast.Constant(value=False)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPS:
        other = _SWAPS[type(node.ops[0])]
        yield f"{type(node.ops[0]).__name__} -> {other.__name__}", lambda one: one.ops.__setitem__(0, other())
    if isinstance(node, ast.BoolOp):
        other_op = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} -> {other_op.__name__}", lambda one: setattr(one, "op", other_op())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", lambda one: setattr(one, "operand", ast.UnaryOp(ast.Not(), one.operand))
    if isinstance(node, ast.If):
        yield "if -> never", lambda one: setattr(one, "test", raise_if)
        yield "if -> always", lambda one: setattr(one, "test", ast.Constant(value=True))
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} -> {not node.value}", lambda one: setattr(one, "value", not one.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield f"{node.value} -> {node.value + 1}", lambda one: setattr(one, "value", one.value + 1)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        yield "+= dropped", lambda one: setattr(one, "value", ast.List([], ast.Load()))
    if isinstance(node, ast.comprehension) and node.ifs:
        yield "filter dropped", lambda one: setattr(one, "ifs", [])


@dataclass(frozen=True)
class Reach:
    """What the tests that pass reach: seconds by test, tests by module, tests by module and line.

    `company` says by module and test how many tests reach that line of the module which the fewest reach with it.
    """

    seconds: dict[str, float]
    modules: dict[str, set[str]]
    lines: dict[tuple[str, int], set[str]]
    company: dict[tuple[str, str], int]

    @classmethod
    def of(cls, noted: dict[str, Any]) -> Reach:
        """From what the plugin `reach` wrote; a test that fails by itself would seem to kill every mutant."""
        found = cls({}, {}, {}, {})
        for test, one in noted.items():
            if not one["passed"]:
                say.warn(f"fails without a mutant, so it is not asked: {test}")
                continue
            found.seconds[test] = one["seconds"]
            for module, line in one["lines"]:
                found.modules.setdefault(module, set()).add(test)
                found.lines.setdefault((module, line), set()).add(test)
        for (module, _), tests in found.lines.items():
            for test in tests:
                found.company[module, test] = min(len(tests), found.company.get((module, test), len(tests)))
        return found

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests to ask about a mutant: those that reach its line, then those that only reach its module.

        What is read once and kept is reached by the first test alone. Of either the first are those of the module's or
        its folder's own file (test_gate_region.py, test_stacks.py), then those that reach what hardly any other does,
        such as the line that tells a problem: they look at more than that nothing is wrong.
        """
        near = self.lines.get((mutant.module, mutant.line), set())
        others = self.modules.get(mutant.module, set()) - near
        subjects = tuple(f"_{part}" for part in mutant.module.split("/"))

        def turn(test: str) -> tuple[bool, int, float, str]:
            other = not PurePosixPath(test.partition("::")[0]).stem.endswith(subjects)
            return other, self.company[mutant.module, test], self.seconds[test], test

        tests = [*sorted(near, key=turn), *sorted(others, key=turn)]
        ends = accumulate(self.seconds[test] for test in tests)
        return [test for number, (test, end) in enumerate(zip(tests, ends, strict=True)) if not number or end <= MOST]


def _pytest(place: Path, files: Sequence[str], seconds: float, **reach: str) -> command.Result:
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "reach", *files]
    if "REACH_WRITE" in reach:
        words.remove("-x")
    own = {"PYTHONPATH": str(place / "scripts" / "bench"), "TMPDIR": str(place / "tmp")}
    return command.run(words, cwd=place, env=os.environ | own | reach, timeout=seconds, check=False)


def _reach(place: Path, kept: Path | None) -> Reach:
    """Run every test of the gates once, unchanged, or take what an earlier run kept.

    Raises `Failure` when the tests cannot be run.
    """
    noted = kept or place / "reach.json"
    if not noted.is_file():
        say.work("which test reaches which line")
        ended = _pytest(place, ["tests/gates"], 3600.0, REACH_WRITE=str(noted.resolve()))
        if ended.status not in (0, 1) or ended.limit or not noted.is_file():
            raise Failure(f"the tests of the gates cannot be run:\n{ended.tail()}", hint="python -m pytest tests/gates")
    return Reach.of(json.loads(noted.read_text(encoding="utf-8")))


def _try(mutant: Mutant, reach: Reach, copies: Queue[Path]) -> bool:
    """True when the tests notice the mutant."""
    tests = reach.tests(mutant)
    if not tests:
        say.warn(f"no test reaches {mutant.module}.py:{mutant.line}: {mutant.what}")
        return False
    place = copies.get()
    path = place / GATES / f"{mutant.module}.py"
    before = path.read_bytes()
    try:
        path.write_text(mutant.text, encoding="utf-8")
        chosen = place / "chosen.json"
        chosen.write_text(json.dumps(tests), encoding="utf-8")
        files = sorted({test.partition("::")[0] for test in tests})
        # What is still running after this goes in circles, which is noticed too.
        seconds = 60.0 + 10 * sum(reach.seconds[test] for test in tests)
        ended = _pytest(place, files, seconds, REACH_ONLY=str(chosen))
        if ended.status == NO_TEST_RAN:
            raise Failure(f"pytest found none of the chosen tests:\n{ended.tail()}")
        if ended.ok:
            # Told at once, so that a run that is cut off has said what it knew.
            say.warn(f"survived: {mutant.module}.py:{mutant.line}: {mutant.what}")
        return not ended.ok
    finally:
        path.write_bytes(before)
        shutil.rmtree(place / "tmp", ignore_errors=True)
        (place / "tmp").mkdir()
        copies.put(place)


def _copy(folder: Path, number: int) -> Path:
    place = folder / str(number)
    for name in ("scripts", "tests", "templates", "prompts"):
        shutil.copytree(TOOLKIT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in ("pyproject.toml", "settings.toml"):
        shutil.copy(TOOLKIT / name, place / name)
    (place / "tmp").mkdir()
    return place


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Try the mutants and print who survived; 0 when the wanted share was killed."""
    parser = argparse.ArgumentParser(
        prog="mutate_gates.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--modules", nargs="*", help="only these modules of kit/gates")
    parser.add_argument("--every", type=int, default=1, help="only every n-th mutant")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    parser.add_argument(
        "--reach",
        type=Path,
        help="a file to keep what the tests reach, or to take it from; without meaning once a line is changed",
    )
    parser.add_argument("--wanted", type=float, default=90.0, help="percent to be killed")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    args = parser.parse_args(argv)
    paths = sorted((TOOLKIT / GATES).rglob("*.py"))
    chosen = [path for path in paths if not args.modules or _module(path) in args.modules]
    tried = [mutant for path in chosen for mutant in mutants(path)][:: max(1, args.every)]
    say.work(f"{len(tried):,} mutants of {len(chosen)} modules")
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        copies: Queue[Path] = Queue()
        for number in range(args.jobs):
            copies.put(_copy(Path(folder), number))
        reach = _reach(Path(folder) / "0", args.reach)
        with ThreadPoolExecutor(args.jobs) as pool:
            killed = list(pool.map(lambda mutant: _try(mutant, reach, copies), tried))
    alive = [mutant for mutant, dead in zip(tried, killed, strict=True) if not dead]
    share = 100.0 * sum(killed) / len(tried) if tried else 0.0
    of_all = Counter(mutant.module for mutant in tried)
    of_dead = of_all - Counter(mutant.module for mutant in alive)
    if args.json:
        lived = [{"module": one.module, "line": one.line, "what": one.what} for one in alive]
        print(json.dumps({"tried": len(tried), "killed": sum(killed), "share": round(share, 1), "survivors": lived}))
    else:
        for module, number in sorted(of_all.items()):
            print(f"{module}: killed {of_dead[module]:,} of {number:,} ({100.0 * of_dead[module] / number:.1f} %)")
        print(f"killed {sum(killed):,} of {len(tried):,} mutants ({share:.1f} %)")
    return 0 if share >= args.wanted else 1


if __name__ == "__main__":
    raise SystemExit(main())
