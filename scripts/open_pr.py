"""Commit the task's files, push its branch and open its one pull request.

Nothing is pushed unless every gate passes for the very tree that is committed. The branch drops the
task's row from tasks.csv when that file is tracked. Prints where the pull request is to be read.

Example:
    python scripts/open_pr.py --task 277
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kit import cli, files, forge, say
from kit.errors import Failure, StopAll
from kit.run import steps
from kit.run.git import assert_place, code_tree, full_tree, git, works
from kit.run.rundir import Run
from kit.run.worktrees import remote_head


def open_pr(run: Run) -> dict[str, Any]:
    """Step `pr`: leaves the pushed branch, one pull request and pull_request.json."""

    def work(run: Run) -> dict[str, Any]:
        from kit.forge import body

        assert_place(run.worktree, run.branch)
        if not _judged(run):
            _assert_gates(run)
        _drop_row(run)
        tree = code_tree(run.worktree)
        head = _commit(run)
        if code_tree(run.worktree) != tree:
            raise Failure(
                f"{run.worktree}: the files changed while they were committed", hint=f"make pr ID={run.task_id}"
            )
        _push(run, head)
        place = forge.choose(run.repo, run.settings)
        base = run.task["base_ref"].removeprefix("origin/")
        request = place.ensure(run.branch, base, title(run), body.render(run, forge=place.name), head)
        if request.head != head:
            raise Failure(
                f"{request.url}: shows {request.head[:12]}, pushed {head[:12]}", hint=f"make pr ID={run.task_id}"
            )
        files.write_json(run.dir / "pull_request.json", asdict(request))
        say.done(f"pull request {request.url}")
        return asdict(request)

    return steps.perform(run, "pr", work, still_valid=_still_there, per_round=False)


def title(run: Run) -> str:
    """One line: the branch's task, its pair and what it is about."""
    task = run.task
    about = " ".join(task["title"].split())
    return f"{run.branch}: {task['platform']} {task['language']} · {textwrap.shorten(about, 80, placeholder=' ...')}"


def _judged(run: Run) -> bool:
    """True when the final round passed every gate for exactly the files that are there now."""
    final = run.journal.state.done.get((0, "final"), {})
    return bool(final) and final.get("full_tree") == full_tree(run.worktree)


def _assert_gates(run: Run) -> None:
    from kit.gates import before_pr

    decision = files.read_json(run.dir / "decision.json", remedy=f"make gate ID={run.task_id}")
    if decision["decision"] != "complete" or decision["tree"] != code_tree(run.worktree):
        why = "did not say complete" if decision["decision"] != "complete" else "decided about other files"
        raise Failure(f"the gate {why}", hint=f"make review ID={run.task_id}, then make gate ID={run.task_id}")
    bad = [result for result in before_pr(run) if not result.passed]
    if bad:
        names = "; ".join(f"{result.name}: {result.reason}" for result in bad[:3])
        raise Failure(f"{len(bad)} gates refuse the tree: {names}", hint=f"make gate ID={run.task_id}")


def _drop_row(run: Run) -> None:
    from kit.tasks.queue import drop_row

    name = run.settings["tasks.file"]
    path = run.worktree / name
    if run.task["source"] != name or not works(run.worktree, "ls-files", "--error-unmatch", name):
        return
    drop_row(path, run.task_id)


def _commit(run: Run) -> str:
    git(run.worktree, "add", "--all", ".")
    if git(run.worktree, "diff", "--cached", "--name-only"):
        message = f"{title(run)}\n\nTask {run.task_id}, {run.pair}, {run.region}\n"
        extra = {} if git(run.worktree, "config", "user.email", check=False) else _NOBODY
        git(run.worktree, "commit", "--quiet", "--file", "-", stdin=message, extra=extra)
    left = git(run.worktree, "status", "--porcelain")
    if left:
        raise Failure(f"{run.worktree}: not committed: {left.splitlines()[0]}", hint=f"git -C {run.worktree} status")
    return git(run.worktree, "rev-parse", "HEAD")


_NOBODY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Task Coordinator"), ("EMAIL", "task-coordinator@localhost"))
}


def _push(run: Run, head: str) -> None:
    there = remote_head(run)
    if there == head:
        say.same(f"{run.branch} is pushed already")
        return
    words = ["push", "--quiet", "origin", f"{head}:refs/heads/{run.branch}"]
    if there and not works(run.worktree, "merge-base", "--is-ancestor", there, head):
        if there not in _pushed_before(run):
            raise Failure(
                f"origin has another {run.branch} ({there[:12]}), which this toolkit did not push",
                hint=f"git push origin --delete {run.branch}, if nobody needs it",
            )
        words.insert(1, f"--force-with-lease={run.branch}:{there}")
    run.journal.add("pushing", branch=run.branch, head=head)
    try:
        git(run.worktree, *words, timeout=run.settings["limits.remote_seconds"])
    except Failure as error:
        # Who may push, and whether origin is there, is no fault of the task: it goes on from here once it is mended.
        raise StopAll(f"origin did not take {run.branch}: {error}", hint=f"make resume ID={run.task_id}") from error
    arrived = remote_head(run)
    if arrived != head:
        raise Failure(f"origin has {arrived[:12] or 'nothing'} for {run.branch}, pushed {head[:12]}", hint="make pr")
    run.journal.add("pushed", branch=run.branch, head=head)


def _pushed_before(run: Run) -> set[str]:
    from kit.run.journal import Journal

    journals = [run.journal, *(Journal(path) for path in run.dir.glob("attempts/*/journal.jsonl"))]
    return {
        event["head"] for journal in journals for event in journal.read() if event["event"] in ("pushing", "pushed")
    }


def _still_there(run: Run) -> bool:
    head = git(run.worktree, "rev-parse", "HEAD", check=False) if run.worktree.exists() else ""
    request = forge.choose(run.repo, run.settings).find(run.branch)
    return bool(request and request.head == remote_head(run) and head in ("", request.head))


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Open the pull request and print its address."""
    parser = cli.parser(__doc__, "open_pr.py")
    parser.add_argument("--task", help="task id (default: the one in progress)")
    args = parser.parse_args(argv)
    run = cli.open_run(args)
    with run.working():
        details = open_pr(run)
    print(json.dumps(details) if args.json else details["url"])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
