"""Git's merge driver for tasks.csv: three versions in, the merged one written over the second.

Git calls it with the names of the three files; `select_task.py` sets that up in .git/config.

Suggested usage:
    git config merge.task-coordinator.driver "python scripts/merge_tasks.py %O %A %B"
    python scripts/merge_tasks.py base.csv ours.csv theirs.csv
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from kit import cli, files, say
from kit.errors import Failure


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Merge; 0 when every row could be, else what git's own line-wise merge says (conflicts: not 0)."""
    parser = argparse.ArgumentParser(
        prog="merge_tasks.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("base", "ours", "theirs"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args(argv)
    from kit.tasks import merge

    try:
        merged = merge.merge(args.base.read_bytes(), args.ours.read_bytes(), args.theirs.read_bytes())
    except OSError as error:
        say.fail(f"{error.filename}: {error.strerror}")
        return 2
    except Failure as failure:
        return _by_lines(args, str(failure))
    files.replace(args.ours, merged)
    return 0


def _by_lines(args: argparse.Namespace, why: str) -> int:
    from kit import command
    from kit.run.git import environment

    say.warn(f"tasks.csv cannot be merged by rows ({why}); merged by lines instead")
    words = ["git", "merge-file", "-L", "ours", "-L", "base", "-L", "theirs", args.ours, args.base, args.theirs]
    ended = command.run(words, cwd=Path.cwd(), env=environment(), check=False)
    return min(abs(ended.status), 127)


if __name__ == "__main__":
    raise SystemExit(main())
