"""The three phases in which agents work: generate, qa, review. Each is judged by what scripts find afterwards."""

from __future__ import annotations

import json
from typing import Any

from kit import files, say
from kit.agents import failures, ideal, places, respond, tools, transcript
from kit.agents import review as verdicts
from kit.agents.desk import Desk, refuse_all, work_folders
from kit.agents.prompts import handover, quoted
from kit.agents.respond import main_file, numbered
from kit.errors import Failure
from kit.redact import redact
from kit.run import receipts
from kit.run.git import assert_place, code_tree, full_tree, git
from kit.run.rundir import Run

STAGES = ("lint", "build", "synth", "unit", "deploy", "outputs", "integration", "destroy")
_DIFFERENCE = 40_000  # characters of the difference that the reviewer is shown


def generate(run: Run) -> dict[str, Any]:
    """The generator writes this round's PROMPT.md; the model under study answers it; its code goes to disk.

    Leaves lib/PROMPT<n>.md, lib/MODEL_RESPONSE<n>.md, the code, first_tree.json. Returns what is journalled.
    """
    assert_place(run.worktree, run.branch)
    prompt = numbered("PROMPT", run.round)
    if not _ended(run, "iac-infra-generator", prompt):
        _write_prompt(run, prompt)
    answer = respond.ask(run)
    written = respond.lay_out(run, answer)
    return {"prompt": prompt, "response": numbered("MODEL_RESPONSE", run.round), "files": written}


def qa(run: Run, feedback: str = "") -> dict[str, Any]:
    """The QA agent mends and tests the code until the ladder passes; then IDEAL_RESPONSE and MODEL_FAILURES are rendered.

    `feedback` is what a gate or a final check found. Raises `Failure` when files outside the work folders were
    changed, or stages still fail after `limits.max_repairs` tries.
    """
    from kit.gates import kept

    assert_place(run.worktree, run.branch)
    before = _before(run, "qa")
    if feedback:
        kept.remember(run)
    with Desk(run, "iac-infra-qa-trainer", refusal=work_folders(run)) as desk:
        opening = handover(
            "qa",
            run,
            prompt_file=numbered("PROMPT", run.round),
            response_file=numbered("MODEL_RESPONSE", run.round),
            files=_first_tree(run)["files"],
            main=main_file(run),
            coverage=f"{run.settings['ladder.min_coverage']:g}",
            baseline=quoted(_told(run)),
            feedback=quoted(redact(feedback)) if feedback else "",
        )
        more = [tools.run_stage(run), failures.tool(run)]
        talk = desk.open(opening, more, about=f"{_first_tree(run)['tree']} {feedback}")
        desk.work()
        failing: list[Any] = []
        for number in range(1, run.settings["limits.max_repairs"] + 2):
            _assert_inside(run, before, talk)
            failing = [receipt for receipt in _ladder(run) if receipt.verdict == receipts.FAILED]
            if not failing or number > run.settings["limits.max_repairs"]:
                break
            say.warn(f"the ladder fails at {', '.join(receipt.stage for receipt in failing)}; back to the QA agent")
            desk.completed = False
            kept.remember(run)
            talk.say(_repair(run, failing, number))
            desk.work()
        talk.end("failing" if failing else "done")
    listed = ideal.write(run)
    failures.write(run)
    if failing:
        first = failing[0]
        raise Failure(
            f"stage {first.stage} still fails after {run.settings['limits.max_repairs']} repairs: {first.reason}",
            hint=f"read {first.log or run.receipts}, then make qa ID={run.task_id}",
        )
    entries = failures.read(run)
    say.done(f"rendered {ideal.FILE} ({len(listed)} files) and MODEL_FAILURES.md ({len(entries)} entries)")
    _before_file(run, "qa").unlink(missing_ok=True)
    return {"tree": code_tree(run.worktree), "files": len(listed), "failures": len(entries), "usd": round(talk.usd, 6)}


def review(run: Run) -> dict[str, Any]:
    """The reviewer judges the finished work, reading only. Leaves review.json; raises `Failure` without a valid verdict."""
    assert_place(run.worktree, run.branch)
    (run.dir / "review.json").unlink(missing_ok=True)
    tree, before = code_tree(run.worktree), full_tree(run.worktree)
    submitted = (run.dir / "review.json").exists
    with Desk(run, "iac-code-reviewer", refusal=refuse_all, writable=()) as desk:
        opening = handover(
            "review",
            run,
            prompt_file=numbered("PROMPT", run.round),
            response_file=numbered("MODEL_RESPONSE", run.round),
            ideal_file=ideal.FILE,
            failures_file=f"lib/{failures.NAME}",
            files=ideal.task_files(run),
            difference=quoted(_difference(run, tree)),
            receipts=quoted(_told(run, tree)),
            failures=quoted("\n".join(json.dumps(entry, ensure_ascii=False) for entry in failures.read(run)) or "none"),
        )
        talk = desk.open(opening, [verdicts.tool(run)], about=tree)
        desk.work(
            done=submitted, nudge="You have not submitted your verdict. Call submit_review now, every field filled."
        )
        talk.end("done" if submitted() else "no verdict")
    if not submitted():
        raise Failure(
            "the reviewer ended without submit_review, also after a nudge", hint=f"make review ID={run.task_id}"
        )
    if full_tree(run.worktree) != before:
        raise Failure("files changed during the review, which only reads", hint=f"git -C {run.worktree} status")
    verdict = verdicts.read(run)
    say.done(
        f"review: training quality {verdict['training_quality']:g}, compliance {verdict['compliance_percentage']:g} %"
    )
    return {"training_quality": verdict["training_quality"], "ready": verdict["ready"], "usd": round(talk.usd, 6)}


def changed_outside(run: Run, before: str) -> list[str]:
    """The paths that changed since the tree `before` (see kit.run.git.full_tree) where agents may not write."""
    changed = git(run.worktree, "diff-tree", "-r", "--name-only", "-z", "--no-renames", before, full_tree(run.worktree))
    refusal = work_folders(run)
    return [path for path in changed.split("\0") if path and refusal(path)]


def _write_prompt(run: Run, prompt: str) -> None:
    before = full_tree(run.worktree)

    def refusal(path: str) -> str:
        return "" if path == prompt else f"{path}: in this phase only {prompt} is written"

    features = []
    if run.round > 1:
        features = list(files.read_json(run.dir / "decision.json", remedy="make gate").get("next_features", []))
    with Desk(run, "iac-infra-generator", refusal=refusal, writable=()) as desk:
        opening = handover(
            "generate",
            run,
            prompt_file=prompt,
            main=main_file(run),
            other_files=_other_files(run),
            features=features,
            present=", ".join(f"`{path}`" for path in ideal.task_files(run)),
        )
        talk = desk.open(opening, about=prompt)
        desk.work()
        lacking = _lacking(run, prompt, features)
        if lacking:
            desk.completed = False
            talk.say(f"{lacking}. Write it now, then report COMPLETED.")
            desk.work()
            lacking = _lacking(run, prompt, features)
        talk.end("no prompt" if lacking else "done")
    if lacking:
        why = f": blocked: {desk.blocked_by[:300]}" if desk.blocked_by else ""
        raise Failure(f"the generator ended and {lacking}{why}", hint=f"make generate ID={run.task_id}")
    changed = git(run.worktree, "diff-tree", "-r", "--name-only", "-z", before, full_tree(run.worktree)).split("\0")
    strange = [path for path in changed if path and path != prompt]
    if strange:
        raise Failure(f"the generator changed more than {prompt}: {', '.join(strange)}", hint="make generate")
    text = places.read(run.worktree, prompt).decode("utf-8", "replace")
    if redact(text) != text:
        files.replace(run.worktree / prompt, redact(text))
        say.warn(f"{prompt}: secrets were taken out")
    say.done(f"{prompt} is written")


def _lacking(run: Run, prompt: str, features: list[str]) -> str:
    """What a prompt lacks that must be in it: text, and in a further round the features by name; empty when nothing."""
    from kit.gates.features import is_known

    if not _has_text(run, prompt):
        return f"{prompt} is missing or empty"
    text = places.read(run.worktree, prompt).decode("utf-8", "replace")
    unnamed = [name for name in features if not is_known(name, text)]
    return f"{prompt} does not name {'; '.join(unnamed)}" if unnamed else ""


def _other_files(run: Run) -> str:
    if run.task["platform"] == "cfn":
        return "code of functions below `lib/lambda/`"
    return "modules of its own below `lib/`, functions' code below `lib/lambda/`"


def _has_text(run: Run, path: str) -> bool:
    try:
        return bool(places.read(run.worktree, path).strip())
    except Failure:
        return False


def _ended(run: Run, agent: str, product: str) -> bool:
    """True when the agent's part of an unfinished step is done already."""
    path = transcript.latest(run, agent, run.round)
    if path is None or (run.round, "generate") in run.journal.state.done or not _has_text(run, product):
        return False
    end = transcript.fold(transcript.read(path)).end
    return end is not None and end["outcome"] == "done"


def _before_file(run: Run, phase: str) -> Any:
    return run.dir / f"before-{phase}-{run.round}.txt"


def _before(run: Run, phase: str) -> str:
    """The tree with which the phase began, also when it was cut in between."""
    path = _before_file(run, phase)
    if not path.exists():
        files.replace(path, full_tree(run.worktree) + "\n")
    return str(path.read_text().strip())


def _assert_inside(run: Run, before: str, talk: Any) -> None:
    traps = places.traps(run.worktree)
    if traps:
        talk.end("left traps")
        raise Failure(
            f"the QA agent left what the scripts will not touch: {'; '.join(traps[:5])}",
            hint=f"remove it from {run.worktree}, then make qa ID={run.task_id}",
        )
    outside = changed_outside(run, before)
    if outside:
        talk.end("wrote outside")
        raise Failure(
            f"the QA agent changed files it may not write: {', '.join(outside[:10])}",
            hint=f"git -C {run.worktree} status; put them back, then make qa ID={run.task_id}",
        )


def _ladder(run: Run) -> list[Any]:
    from kit.ladder import stages

    return list(stages.run_ladder(run))


def _repair(run: Run, failing: list[Any], number: int) -> str:
    from kit import render

    told = "\n".join(json.dumps(tools.told(receipt), ensure_ascii=False) for receipt in failing)
    most = run.settings["limits.max_repairs"]
    return render.template("prompts", "repair.j2", receipts=quoted(redact(told)), number=number, most=most)


def _told(run: Run, tree: str = "") -> str:
    """The newest receipt of each stage for `tree`, or those of this round's baseline; one JSON line each."""
    newest = {}
    for path, receipt in receipts.read_all(run):
        # An earlier round may have ended with the very same files, and the baseline of this one came after it.
        if receipt.tree == tree if tree else receipt.baseline and receipt.round == run.round:
            newest[receipt.stage] = json.dumps({"file": path.name, **tools.told(receipt)}, ensure_ascii=False)
    return redact("\n".join(newest[stage] for stage in STAGES if stage in newest)) or "none"


def _first_tree(run: Run) -> dict[str, Any]:
    return dict(files.read_json(run.dir / "first_tree.json", remedy="make generate"))


def _difference(run: Run, tree: str) -> str:
    first = _first_tree(run)["tree"]
    text = redact(git(run.worktree, "diff", "--stat", "--patch", "--no-color", "--no-ext-diff", first, tree))
    if len(text) > _DIFFERENCE:
        half = _DIFFERENCE // 2
        text = f"{text[:half]}\n... {len(text) - _DIFFERENCE:,} characters are left out ...\n{text[-half:]}"
    return text or "no difference at all"
