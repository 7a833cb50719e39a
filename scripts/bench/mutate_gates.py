"""Mutation test of the gates: change one thing at a time in scripts/kit/gates and see whether a test notices.

Each mutant is written to a copy of the project, so nothing here is touched. A mutant that every test
survives shows a rule that nobody checks. Prints the survivors and the share that was killed.

Example:
    python scripts/bench/mutate_gates.py --every 7 --modules rule minimal score
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit import cli, command, say
from kit.settings import TOOLKIT

GATES = Path("scripts") / "kit" / "gates"
SECONDS = 240.0
# The tests that speak of a module; the others are not run for its mutants. "" is the whole folder.
TESTS = {
    "rule": ["test_rule.py"],
    "minimal": ["test_minimal.py"],
    "gap": ["test_gap.py"],
    "score": ["test_score.py"],
    "features": ["test_features.py"],
    "scan": ["test_scan.py"],
    "tests_script": ["test_tests_quality.py"],
    "tests_python": ["test_tests_quality.py"],
    "explain": ["test_explain.py"],
    "failures_text": ["test_explain.py"],
    "failures_claims": ["test_explain.py"],
    "stacks/cloudformation": ["test_stacks.py"],
    "stacks/leaning": ["test_stacks.py"],
    "stacks/naming": ["test_stacks.py"],
    "stacks/terraform": ["test_stacks.py"],
    "stacks/base": ["test_stacks.py"],
    "stacks/__init__": ["test_stacks.py"],
    "decision": ["test_decision.py"],
    "model": ["test_decision.py"],
    "comparison": ["test_verify.py"],
    "subject": ["test_decision.py", "test_gates.py"],
    "register": ["test_decision.py", "test_script.py"],
}
FAMILIES = {
    "answers": "blocks or claims",
    "blocks": "blocks or response or answer",
    "claims": "claims or evidence or failures or gap or first_answer or rule",
    "coverage": "coverage",
    "ladder": "ladder or output or destroy or receipts or final_round or had or deployment or log_is or gone or destroyed or linter or log",
    "language": "platform or beside or json or language",
    "layout": "paths or size or placeholder or row or committed or megabyte or binary or queue or outside or begins or line",
    "metadata": "metadata",
    "names": "suffix or code",
    "region": "region",
    "resources": "retain or protection or own or elsewhere or code",
    "secrets": "secrets or twelve",
    "services": "services or service",
    "template": "retain or suffix or platform",
    "tests_quality": "quality or integration or mock or python or pytest",
    "text": "emoji",
}
# Families whose modules are also tested by a file of their own.
MORE = {
    "blocks": ("test_gate_edges",),
    "services": ("test_gate_edges",),
    "secrets": ("test_gate_edges",),
    "ladder": ("test_gate_edges",),
    "layout": ("test_gate_edges",),
    "claims": ("test_programs", "test_gate_edges"),
    "coverage": ("test_programs",),
    "language": ("test_programs", "test_gate_edges"),
    "region": ("test_programs", "test_gate_edges"),
    "resources": ("test_programs",),
    "tests_quality": ("test_programs", "test_tests_quality"),
    "metadata": ("test_gate_edges",),
    "names": ("test_gate_edges", "test_programs"),
    "text": ("test_gate_edges",),
}
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
    # A dataclass that is no longer frozen behaves the same.
    decoration = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        for one in node.decorator_list
        for inner in ast.walk(one)
    }
    for number, node in enumerate(list(ast.walk(tree))):
        if id(node) in decoration:
            continue
        for what, change in _changes(node):
            own = copy.deepcopy(tree)
            target = list(ast.walk(own))[number]
            change(target)
            yield Mutant(_module(path), getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(own)))


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


def _try(mutant: Mutant, copies: Queue[Path]) -> bool:
    """True when the tests notice the mutant."""
    place = copies.get()
    path = place / GATES / f"{mutant.module}.py"
    before = path.read_bytes()
    try:
        path.write_text(mutant.text, encoding="utf-8")
        words = [sys.executable, "-m", "pytest", "-x", "-q", *_tests(mutant.module)]
        dead = not command.run(words, cwd=place, timeout=SECONDS, check=False).ok
        if not dead:
            # Told at once, so that a run that is cut off has said what it knew.
            say.warn(f"survived: {mutant.module}.py:{mutant.line}: {mutant.what}")
        return dead
    finally:
        path.write_bytes(before)
        copies.put(place)


def _tests(module: str) -> list[str]:
    if module in FAMILIES:
        names = [f"tests/gates/{name}.py" for name in ("test_gates", "test_accepts", *MORE.get(module, ()))]
        return [*names, "-k", f"({FAMILIES[module]}) and not no_other"]
    return [f"tests/gates/{name}" for name in TESTS.get(module, [""])]


def _copy(folder: Path, number: int) -> Path:
    place = folder / str(number)
    for name in ("scripts", "tests", "templates", "prompts"):
        shutil.copytree(TOOLKIT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in ("pyproject.toml", "settings.toml"):
        shutil.copy(TOOLKIT / name, place / name)
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
    parser.add_argument("--wanted", type=float, default=90.0, help="percent to be killed")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    args = parser.parse_args(argv)
    paths = sorted((TOOLKIT / GATES).rglob("*.py"))
    chosen = [path for path in paths if not args.modules or _module(path) in args.modules]
    tried = [mutant for path in chosen for mutant in mutants(path)][:: max(1, args.every)]
    say.work(f"{len(tried):,} mutants of {len(chosen)} modules")
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(args.jobs):
            copies.put(_copy(Path(folder), number))
        with ThreadPoolExecutor(args.jobs) as pool:
            killed = list(pool.map(lambda mutant: _try(mutant, copies), tried))
    alive = [mutant for mutant, dead in zip(tried, killed, strict=True) if not dead]
    share = 100.0 * sum(killed) / len(tried) if tried else 0.0
    if args.json:
        lived = [{"module": one.module, "line": one.line, "what": one.what} for one in alive]
        print(json.dumps({"tried": len(tried), "killed": sum(killed), "share": round(share, 1), "survivors": lived}))
    else:
        print(f"killed {sum(killed):,} of {len(tried):,} mutants ({share:.1f} %)")
    return 0 if share >= args.wanted else 1


if __name__ == "__main__":
    raise SystemExit(main())
