"""The MODEL_RESPONSE: one call to the model under study, which sees PROMPT.md and nothing else; then files from it."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kit import clock, files, say
from kit.agents import blocks, engines, places, transcript
from kit.agents.budget import Ledger, Prices, Tokens, estimate
from kit.agents.faults import from_sdk
from kit.agents.watch import Watch
from kit.errors import Failure
from kit.redact import clean
from kit.run.git import code_tree
from kit.run.rundir import Run

AGENT = "response"
_ASKED = 3  # times an empty or cut answer is asked for in all


def numbered(stem: str, round: int) -> str:
    """`lib/PROMPT.md`, in later rounds `lib/PROMPT2.md`."""
    return f"lib/{stem}{round if round > 1 else ''}.md"


def main_file(run: Run) -> str:
    """The file that holds the stack."""
    platform, language = run.task["platform"], run.task["language"]
    if platform == "cfn":
        return "lib/TapStack.json" if language == "json" else "lib/TapStack.yml"
    return "lib/tap_stack.py" if language == "py" else "lib/tap-stack.ts"


def messages(run: Run) -> list[dict[str, Any]]:
    """What the model is sent: the prompts as user turns, its own earlier answers between them, nothing else."""
    told: list[dict[str, Any]] = []
    for round in range(1, run.round + 1):
        told.append({"role": "user", "content": _text(run, numbered("PROMPT", round))})
        if round < run.round:
            told.append({"role": "assistant", "content": _text(run, numbered("MODEL_RESPONSE", round))})
    return told


def ask(run: Run) -> str:
    """The model's answer to this round's prompt; an answer that is in the transcript already is not paid for twice.

    Raises `Failure` when it refuses, when its answer is cut by max_tokens, or when it stays empty.
    """
    sent = messages(run)
    known = _answered(run, sent)
    if known is not None:
        say.same("the model's answer is in the transcript already")
        return known
    settings = run.settings
    choice = engines.choose(settings, AGENT)
    prices = Prices.of(settings, choice.model)
    watch = Watch(time.monotonic() + settings["limits.max_minutes"] * 60)
    client = engines.client(choice, settings, watch)
    ledger = Ledger(run.repo, run.task_id)
    record = transcript.Transcript(transcript.fresh(run, AGENT, run.round))
    start: dict[str, Any] = {
        "agent": AGENT,
        "round": run.round,
        "engine": choice.engine,
        "model": choice.model,
        "messages": sent,
    }
    record.add("start", **start, opening=sent[0]["content"])
    say.work(f"{choice.model} answers {numbered('PROMPT', run.round)} in one call")
    for turn in range(1, _ASKED + 1):
        ledger.check(settings, prices.worst(estimate(sent), settings["models.max_tokens"]))
        message = _call(client, watch, choice.model, sent, run, ledger, prices)
        whole = message.to_dict()
        tokens = Tokens.of(whole.get("usage") or {})
        usd = prices.usd(tokens)
        ledger.add(agent=AGENT, round=run.round, model=choice.model, tokens=tokens, usd=usd)
        text = "".join(block.text for block in message.content if block.type == "text")
        kept = bool(text.strip()) and message.stop_reason in ("end_turn", "stop_sequence")
        # The answer is part of the data set, so here it stays as it came.
        record.add("reply", turn=turn, message=whole, kept=kept, tokens=asdict(tokens), usd=usd, sync=True)
        if kept:
            record.add("end", outcome="answered", turns=turn, usd=usd, text=None, sync=True)
            record.close()
            files.replace(_kept(run), text)
            return text
        if message.stop_reason == "refusal":
            raise Failure(
                "the model under study refused to answer the prompt", hint="read lib/PROMPT.md, then make generate"
            )
        if message.stop_reason == "max_tokens":
            most = settings["models.max_tokens"]
            raise Failure(
                f"the model's answer was cut at {most:,} tokens", hint=f"make resume with MAX_TOKENS={most * 2}"
            )
        say.warn(
            f"the model's answer is of no use (stop reason {message.stop_reason}, {len(text)} characters); asking again"
        )
    raise Failure(f"the model gave no usable answer in {_ASKED} calls", hint="make resume")


def lay_out(run: Run, answer: str) -> list[str]:
    """Save `answer` verbatim, write its code blocks to disk, check that disk and blocks agree; returns the paths.

    Writes first_tree.json {round, tree, files}. Raises `Failure` when no block can be used or a file differs.
    """
    name = numbered("MODEL_RESPONSE", run.round)
    files.replace(run.worktree / name, answer)
    python = places.python_project(run.task["platform"], run.task["language"])
    found = blocks.read(answer, main=main_file(run), python=python)
    for note in (*found.notes, *(f"not used: {reason}" for reason in found.refused)):
        say.warn(f"{name}: {note}")
    if not found.files:
        raise Failure(
            f"{name}: no code block that names a usable path", hint=f"read {run.worktree / name}, then make generate"
        )
    for path, content in found.files.items():
        places.write(run.worktree, path, content.encode())
    differing = differences(run)
    if differing:
        raise Failure(f"{name}: on disk differ from its blocks: {', '.join(differing)}", hint="make generate")
    if main_file(run) not in found.files:
        say.warn(f"{name}: the main file {main_file(run)} is not among its blocks")
    tree = {"round": run.round, "tree": code_tree(run.worktree), "files": sorted(found.files)}
    files.write_json(run.dir / "first_tree.json", tree)
    say.done(f"{name}: {len(found.files)} files: {', '.join(sorted(found.files))}")
    return sorted(found.files)


def differences(run: Run) -> list[str]:
    """The paths whose content on disk is not that of the block in this round's MODEL_RESPONSE."""
    answer = _text(run, numbered("MODEL_RESPONSE", run.round))
    python = places.python_project(run.task["platform"], run.task["language"])
    found = blocks.read(answer, main=main_file(run), python=python).files
    return [path for path, content in found.items() if _bytes(run.worktree, path) != content.encode()]


def _bytes(root: Path, path: str) -> bytes | None:
    try:
        return places.read(root, path)
    except Failure:
        return None


def _text(run: Run, name: str) -> str:
    try:
        return places.read(run.worktree, name).decode()
    except UnicodeDecodeError as error:
        raise Failure(f"{name}: is not UTF-8 (byte {error.start})", hint="make generate") from error


def _kept(run: Run) -> Path:
    return run.agents / f"{run.round}-{AGENT}.md"


def _answered(run: Run, sent: list[dict[str, Any]]) -> str | None:
    path = transcript.latest(run, AGENT, run.round)
    if path is None or not _kept(run).exists() or (run.round, "generate") in run.journal.state.done:
        return None
    records = transcript.read(path)
    same = records and records[0].get("messages") == clean(sent)
    if not same or not any(record["type"] == "end" for record in records):
        return None
    return _kept(run).read_bytes().decode()


def _call(
    client: Any, watch: Watch, model: str, sent: list[dict[str, Any]], run: Run, ledger: Ledger, prices: Prices
) -> Any:
    watch.reset()
    try:
        with clock.outside():
            message = client.messages.create(model=model, max_tokens=run.settings["models.max_tokens"], messages=sent)
        _pay_unread(watch, model, run, ledger, prices, failed=False)
        return message
    except Exception as error:
        _pay_unread(watch, model, run, ledger, prices, failed=True)
        if isinstance(error, Failure):
            raise
        raise from_sdk(error, AGENT) from error


def _pay_unread(watch: Watch, model: str, run: Run, ledger: Ledger, prices: Prices, *, failed: bool) -> None:
    for body in watch.unread(failed=failed):
        tokens = Tokens.found_in(body)
        if tokens != Tokens():
            usd = prices.usd(tokens)
            ledger.add(agent=AGENT, round=run.round, model=model, tokens=tokens, usd=usd, parsed=False)
