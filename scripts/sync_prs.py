"""Mend open pull requests that their base has moved away from: rows of tasks.csv beside theirs were dropped meanwhile.

Two pull requests that drop neighbouring rows conflict on a server, which merges by lines. For each that does, a merge
of its base is pushed to its branch, with the base's tasks.csv without the row of its own. Prints the branches mended.

Suggested usage:
    python scripts/sync_prs.py
    python scripts/sync_prs.py --task 277
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from kit import cli, command, files, forge, say
from kit.errors import Failure
from kit.run.git import environment, git, works
from kit.run.rundir import Run, runs
from kit.run.worktrees import fetch_base, remote_head
from kit.settings import Settings


def sync(run: Run, base: str) -> bool:
    """Mend the pull request of `run` when its tasks.csv conflicts with the commit `base`; false when it does not.

    Raises `Failure` when other files conflict as well, or origin does not take the merge.
    """
    place = forge.choose(run.repo, run.settings)
    request = place.find(run.branch)
    head = remote_head(run) if request else ""
    if request is None or not head:
        return False
    git(run.repo, "fetch", "--quiet", "origin", f"refs/heads/{run.branch}", timeout=_seconds(run))
    with tempfile.TemporaryDirectory(prefix="sync-") as folder:
        if not _conflicts(run, Path(folder), head, base):
            return False
        merged = _merge(run, Path(folder), head, base)
    run.journal.add("pushing", branch=run.branch, head=merged)
    git(run.repo, "push", "--quiet", "origin", f"{merged}:refs/heads/{run.branch}", timeout=_seconds(run))
    run.journal.add("pushed", branch=run.branch, head=merged)
    if place.name == "local":
        # Nobody but us keeps the record of a local pull request.
        record = Path(request.url).with_suffix(".json")
        files.write_json(record, files.read_json(record) | {"head": merged})
    files.write_json(run.dir / "pull_request.json", asdict(replace(request, head=merged)))
    if git(run.repo, "rev-parse", "--verify", "--quiet", f"refs/heads/{run.branch}", check=False) == head:
        git(run.repo, "update-ref", f"refs/heads/{run.branch}", merged, head)
    return True


def _conflicts(run: Run, folder: Path, head: str, base: str) -> bool:
    """True when a merge by lines, as servers do it, of tasks.csv would stop."""
    ancestor = git(run.repo, "merge-base", head, base, check=False)
    if not ancestor or ancestor == base:
        return False
    sides = [_blob(run, commit) for commit in (head, ancestor, base)]
    if not all(sides):
        return False
    ours, old, theirs = [_unpacked(run, folder, blob) for blob in sides]
    return not works(run.repo, "merge-file", "--stdout", "--quiet", str(ours), str(old), str(theirs))


def _merge(run: Run, folder: Path, head: str, base: str) -> str:
    """The commit that merges `base` into `head`, with its tasks.csv but for the row of `run`."""
    from kit.tasks.queue import drop_row

    name = run.settings["tasks.file"]
    words = ["git", "merge-tree", "--write-tree", "--name-only", "--no-messages", head, base]
    answer = command.run(words, cwd=run.repo, env=environment(), check=False)
    if answer.status not in (0, 1):  # 1: there are conflicts, told behind the tree
        raise Failure(f"git merge-tree: {answer.tail(1)}", hint="git 2.38 or newer is needed")
    tree, *conflicting = answer.stdout.splitlines()
    others = [path for path in conflicting if path != name]
    if others:
        raise Failure(
            f"{run.branch}: conflicts with its base in {', '.join(others[:5])}",
            hint=f"git switch {run.branch}, then merge and push by hand",
        )
    rows = _unpacked(run, folder, _blob(run, base))
    drop_row(rows, run.task_id)
    blob = git(run.repo, "hash-object", "-w", "--no-filters", str(rows))
    extra = {"GIT_INDEX_FILE": str(folder / "index")}
    git(run.repo, "read-tree", tree, extra=extra)
    git(run.repo, "update-index", "--cacheinfo", f"{_mode(run, base)},{blob},{name}", extra=extra)
    tree = git(run.repo, "write-tree", extra=extra)
    message = f"Merge the base into {run.branch}: rows of {name} that others dropped"
    who = ["-c", "user.name=Task Coordinator", "-c", "user.email=task-coordinator@localhost"]
    if git(run.repo, "config", "user.email", check=False):
        who = []
    return git(run.repo, *who, "commit-tree", tree, "-p", head, "-p", base, "-m", message)


def _blob(run: Run, commit: str) -> str:
    return git(run.repo, "rev-parse", "--verify", "--quiet", f"{commit}:{run.settings['tasks.file']}", check=False)


def _mode(run: Run, commit: str) -> str:
    return git(run.repo, "ls-tree", commit, "--", run.settings["tasks.file"]).split()[0]


def _unpacked(run: Run, folder: Path, blob: str) -> Path:
    """The blob as a file in `folder`, byte for byte."""
    common = git(run.repo, "rev-parse", "--path-format=absolute", "--git-common-dir")
    return folder / git(folder, f"--git-dir={common}", "--work-tree=.", "unpack-file", blob)


def _seconds(run: Run) -> float:
    return float(run.settings["limits.remote_seconds"])


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Mend all open pull requests of the repository, or one; 1 when one of them could not be."""
    parser = cli.parser(__doc__, "sync_prs.py")
    parser.add_argument("--task", help="this task's pull request alone")
    args = parser.parse_args(argv)
    repo = cli.find_repo(args.repo)
    settings = Settings.load(repo)
    base = fetch_base(repo, settings["limits.remote_seconds"])
    mended, failed = [], False
    for run in runs(repo, settings):
        if args.task not in (None, run.task_id) or not (run.dir / "pull_request.json").exists():
            continue
        try:
            with run.working():
                if sync(run, base.sha):
                    mended.append(run.branch)
                    say.done(f"{run.branch}: merged {base.ref} @ {base.sha[:12]} into it")
                else:
                    say.same(f"{run.branch}: nothing in its way")
        except Failure as failure:
            failed = True
            say.fail(str(failure))
            say.hint(failure.hint or "make status")
    print(json.dumps(mended) if args.json else "\n".join(mended))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
