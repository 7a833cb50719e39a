"""Write README.md's map of files from the first sentence of each file's docstring.

Example:
    python scripts/file_map.py            # rewrite the map
    python scripts/file_map.py --check    # exit 1 when it is not up to date
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from kit import cli, files, say
from kit.errors import Failure
from kit.settings import TOOLKIT

BEGIN, END = "<!-- map: begin -->", "<!-- map: end -->"
OTHERS = {
    "Makefile": "the menu: one target a user's intention",
    "noxfile.py": "the menu of single phases",
    "settings.toml": "every setting, its default and its meaning",
    "requirements.txt": "direct dependencies, each with its reason; constraints.txt pins all of them",
    "requirements-scan.txt": "the security scanner, in a virtual environment of its own",
    "prompts/": "Jinja2: one system prompt an agent, one page a hand-over",
    "templates/": "a project per platform and language; metadata, responses and pull-request body as Jinja2",
    "tests/": "mirrors scripts/; real git, real processes, a real emulated cloud",
    ".ci/run": "what a clean clone has to pass",
}


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Rewrite or check the map."""
    parser = cli.parser(__doc__, "file_map.py")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the map is out of date")
    args = parser.parse_args(argv)
    readme = TOOLKIT / "README.md"
    text = readme.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise Failure(f"{readme}: wanted one {BEGIN} and one {END}")
    head, rest = text.split(BEGIN)
    new = f"{head}{BEGIN}\n{_map()}{END}{rest.split(END)[1]}"
    if new == text:
        say.same("the map is up to date")
        return 0
    if args.check:
        raise Failure("the map in README.md is out of date", hint="python scripts/file_map.py")
    files.replace(readme, new)
    say.done("rewrote the map in README.md")
    return 0


def _map() -> str:
    lines = [f"- `{name}`: {purpose}" for name, purpose in OTHERS.items()]
    lines += ["", "Scripts, each of which runs alone:", ""]
    lines += [f"- `{path.name}`: {_purpose(path)}" for path in sorted((TOOLKIT / "scripts").glob("*.py"))]
    for folder in _folders():
        inner = [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
        about = _purpose(folder / "__init__.py")
        lines += ["", f"<details><summary><code>{folder.relative_to(TOOLKIT).as_posix()}/</code> {about}</summary>", ""]
        lines += [f"- `{path.name}`: {_purpose(path)}" for path in inner]
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def _folders() -> Iterator[Path]:
    for path in sorted((TOOLKIT / "scripts").rglob("*")):
        if path.is_dir() and "__pycache__" not in path.parts and any(path.glob("*.py")):
            yield path


def _purpose(path: Path) -> str:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else None
    return " ".join((doc or "").split("\n\n")[0].split())


if __name__ == "__main__":
    raise SystemExit(main())
