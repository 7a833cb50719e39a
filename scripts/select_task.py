"""Take the next task: claim its row in tasks.csv and open its run; prints the task's id.

The first row in file order whose difficulty is hard or medium and whose status is neither in_progress nor
done. Without tasks.csv, lib/PROMPT.md is the task.

Suggested usage:
    python scripts/select_task.py --repo ~/tasks --list
    python scripts/select_task.py --repo ~/tasks --check
    python scripts/select_task.py --repo ~/tasks --dry-run
    python scripts/select_task.py --repo ~/tasks --task 1184609787
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit import cli, say
from kit.errors import Usage
from kit.settings import Settings
from kit.tasks.selection import select

__all__ = ["main", "select"]


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """One of: claim (default), --dry-run, --list, --check, --add-columns, --retry ID."""
    parser = cli.parser(__doc__, "select_task.py")
    parser.add_argument("--task", metavar="ID", help="take this task instead of the first eligible one")
    parser.add_argument("--skip", metavar="ID", action="append", default=[], help="do not take this one (repeatable)")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--dry-run", action="store_true", help="say what would be taken; write nothing")
    mode.add_argument("--list", action="store_true", help="all rows with line, status, difficulty and title")
    mode.add_argument("--check", action="store_true", help="every oddity of the file; exit 1 if a row cannot be worked")
    mode.add_argument("--add-columns", action="store_true", help="add the columns status and trainr_notes if missing")
    mode.add_argument("--retry", metavar="ID", help="give a parked task all its attempts anew")
    args = parser.parse_args(argv)
    if args.task and (args.list or args.check or args.add_columns or args.retry):
        raise Usage("--task goes with claiming and --dry-run only", hint="select_task.py --help")
    repo = cli.find_repo(args.repo)
    settings = Settings.load(repo)
    if args.list:
        return _list(repo, settings, args)
    if args.check:
        return _check(repo, settings, args)
    if args.add_columns:
        return _add_columns(repo, settings, args)
    if args.retry:
        return _retry(repo, settings, args)
    return _preview(repo, settings, args) if args.dry_run else _select(repo, settings, args)


def _select(repo: Path, settings: Settings, args: argparse.Namespace) -> int:
    run = select(repo, settings, args.task, frozenset(args.skip))
    _tell(run.task)
    say.done(f"claimed task {run.task_id} ({_where(run.task)}); its run is in {run.dir}")
    print(json.dumps(run.task, ensure_ascii=False) if args.json else run.task_id)
    return 0


def _preview(repo: Path, settings: Settings, args: argparse.Namespace) -> int:
    from kit.tasks import selection

    task = selection.preview(repo, settings, args.task, frozenset(args.skip))
    _tell(task)
    say.same(f"would claim task {task['task_id']} ({_where(task)}); nothing was written")
    print(json.dumps(task, ensure_ascii=False) if args.json else task["task_id"])
    return 0


def _list(repo: Path, settings: Settings, args: argparse.Namespace) -> int:
    from kit.tasks import text
    from kit.tasks.queue import Queue

    queue = Queue(repo, settings)
    sheet = queue.sheet()
    listed: list[dict[str, Any]] = []
    for row in sheet.rows():
        state = row.state + (" (parked)" if row.state == "error" and queue.parked(row.task_id) else "")
        title = text.title(text.assemble(row))
        listed.append(
            {
                "line": row.line,
                "task_id": row.task_id,
                "status": state,
                "difficulty": row.difficulty.strip(),
                "title": title,
            }
        )
    if args.json:
        print(json.dumps(listed, indent=2, ensure_ascii=False))
        return 0
    widths = {"line": 6, "task_id": 16, "status": 12, "difficulty": 10}
    if listed:
        print("  ".join(name.ljust(width) for name, width in widths.items()) + "  title")
    for row_shown in listed:
        cells = [_cut(str(row_shown[name]) or "-", width) for name, width in widths.items()]
        print("  ".join(cells) + "  " + row_shown["title"])
    if sheet.layout.missing:
        say.warn(f"no column for {' and '.join(sheet.layout.missing)}: nothing can be claimed")
        say.hint(f"python scripts/select_task.py --repo {repo} --add-columns")
    say.same(f"{len(listed)} rows in {queue.path}")
    return 0


def _check(repo: Path, settings: Settings, args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from kit.tasks import check

    rows, found = check.check(repo, settings)
    if args.json:
        print(json.dumps([asdict(finding) for finding in found], indent=2, ensure_ascii=False))
    else:
        for finding in found:
            lines = f"line {finding.line}" + (f"-{finding.last_line}" if finding.last_line > finding.line else "")
            task = f"task {_cut(finding.task_id, 16).strip()}: " if finding.task_id else ""
            print(f"{lines}: {'cannot be worked: ' if finding.blocks else ''}{task}{finding.text}")
    blocked = any(finding.blocks for finding in found)
    (say.fail if blocked else say.done)(check.summary(rows, found))
    return 1 if blocked else 0


def _add_columns(repo: Path, settings: Settings, args: argparse.Namespace) -> int:
    from kit.tasks.queue import Queue

    added = Queue(repo, settings).add_columns()
    if added:
        say.done(f"added {' and '.join(added)} behind the last column; every other byte is as it was")
    else:
        say.same("status and trainr_notes are there already")
    print(json.dumps(added) if args.json else " ".join(added))
    return 0


def _retry(repo: Path, settings: Settings, args: argparse.Namespace) -> int:
    from kit.tasks import selection

    selection.retry(repo, settings, args.retry)
    say.done(f"task {args.retry} has all its attempts again")
    print(json.dumps({"task_id": args.retry}) if args.json else args.retry)
    return 0


def _tell(task: dict[str, Any]) -> None:
    say.about(task["task_id"], task["region"])
    for note in task["notes"]:
        say.warn(note)


def _where(task: dict[str, Any]) -> str:
    return f"{task['platform']}-{task['language']}, {task['difficulty']}, {task['source']} line {task['line']}"


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return (text if len(text) <= width else text[: width - 3] + "...").ljust(width)


if __name__ == "__main__":
    raise SystemExit(main())
