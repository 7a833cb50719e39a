"""Let one of the three agents work on a task, or read, replay and branch off what it did.

generator writes lib/PROMPT.md, then the model under study answers it and its code goes to disk; qa-trainer
mends and tests that code until the ladder passes; reviewer judges the result.

Examples:
    python scripts/run_agent.py generator --task 277
    python scripts/run_agent.py qa-trainer --task 277 --feedback "the bucket policy is missing"
    python scripts/run_agent.py --show qa-trainer --task 277
    python scripts/run_agent.py --replay 1-iac-infra-qa-trainer-1 --task 277
    python scripts/run_agent.py qa-trainer --task 277 --from-turn 12
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kit import cli
from kit.errors import Failure, Usage
from kit.run import steps
from kit.run.rundir import Run

STEPS = {"generator": "generate", "qa-trainer": "qa", "reviewer": "review"}


def generate(run: Run, *, again: bool = False) -> dict[str, Any]:
    """Step `generate`: PROMPT.md, MODEL_RESPONSE.md, and the code from it on disk."""
    from kit.agents import phases, respond

    # Later steps change the code, so what has to stand is the pair of pages and the record of the first tree.
    def valid(run: Run) -> bool:
        pages = [respond.numbered(stem, run.round) for stem in ("PROMPT", "MODEL_RESPONSE")]
        return all((run.worktree / page).is_file() for page in pages) and (run.dir / "first_tree.json").is_file()

    return steps.perform(run, "generate", phases.generate, still_valid=valid, again=again)


def qa(run: Run, *, feedback: str = "", again: bool = False) -> dict[str, Any]:
    """Step `qa`: mended and tested code, IDEAL_RESPONSE.md, MODEL_FAILURES.md."""
    from kit.agents import ideal, phases

    def valid(run: Run) -> bool:
        try:
            return not ideal.differences(run)
        except Failure:
            return False

    return steps.perform(
        run, "qa", lambda run: phases.qa(run, feedback), still_valid=valid, again=again or bool(feedback)
    )


def review(run: Run, *, again: bool = False) -> dict[str, Any]:
    """Step `review`: review.json."""
    from kit.agents import phases
    from kit.agents.review import read
    from kit.run.git import code_tree

    def valid(run: Run) -> bool:
        try:
            verdict = read(run)
            return verdict["round"] == run.round and verdict["tree"] == code_tree(run.worktree)
        except (Failure, KeyError):
            return False

    return steps.perform(run, "review", phases.review, still_valid=valid, again=again)


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Run one agent's step, or --show, --replay a transcript."""
    parser = cli.parser(__doc__, "run_agent.py")
    parser.add_argument("agent", nargs="?", choices=sorted(STEPS), help="which agent")
    parser.add_argument("--task", help="task id (default: the one in progress)")
    parser.add_argument("--again", action="store_true", help="do the step although it is done")
    parser.add_argument("--feedback", default="", help="for the QA agent: what a check found")
    parser.add_argument("--show", metavar="RUN", help="read a transcript: its name, or an agent for its newest")
    parser.add_argument("--replay", metavar="RUN", help="walk a transcript again, without a key; stop at a difference")
    parser.add_argument(
        "--from-turn", type=int, metavar="N", help="branch off the agent's newest transcript after N turns"
    )
    args = parser.parse_args(argv)
    if not args.agent and not args.show and not args.replay:
        raise Usage("which agent?", hint=f"one of {', '.join(STEPS)}; or --show, --replay with a transcript's name")
    run = cli.open_run(args)
    if args.show or args.replay:
        from kit.agents import playback

        path = playback.find(run, args.show or args.replay)
        if args.show:
            playback.show(path, as_json=args.json)
        else:
            print(playback.replay(run, path))
        return 0
    if args.from_turn is not None:
        from kit.agents import playback

        playback.branch(run, args.agent, args.from_turn)
    perform = {"generator": generate, "qa-trainer": qa, "reviewer": review}[args.agent]
    more = {"feedback": args.feedback} if args.agent == "qa-trainer" else {}
    with run.working():
        if args.agent == "qa-trainer":
            _assert_baseline(run)
        details = perform(run, again=args.again or args.from_turn is not None, **more)
    print(json.dumps(details, ensure_ascii=False) if args.json else _answer(run, args.agent))
    return 0


def _assert_baseline(run: Run) -> None:
    """The untouched response has to have been up the ladder before the QA agent changes it."""
    if (run.round, "baseline") not in run.journal.state.done:
        from run_stage import baseline

        baseline(run)


def _answer(run: Run, agent: str) -> str:
    from kit.agents.ideal import FILE
    from kit.agents.respond import numbered

    if agent == "reviewer":
        return str(run.dir / "review.json")
    return str(run.worktree / (numbered("MODEL_RESPONSE", run.round) if agent == "generator" else FILE))


if __name__ == "__main__":
    raise SystemExit(main())
