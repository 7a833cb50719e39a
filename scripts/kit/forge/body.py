"""The body of the pull request: what a reviewer should know, from the files of the run alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kit import files
from kit import render as templates
from kit.errors import Failure
from kit.forge.markdown import code, fenced, inline, table
from kit.run.receipts import FAILED, NOT_RUN, Receipt, read_all
from kit.run.rundir import Run

STAGES = ("lint", "build", "synth", "unit", "deploy", "outputs", "integration", "destroy")
MOST_FAILURES = 25
MOST_NAMES = 40
MAX_CHARACTERS = 60_000
_ABSENT = "not recorded"
_UNTOLD = ("bytes", "names", "not_emulated", "unverified", "stand_ins", "how")
_TOLD_ABOVE_ZERO = ("failed", "skipped", "files_failed", "warnings", "suppressed", "ended_with_emulator")


def render(run: Run, *, forge: str = "") -> str:
    """The page. `forge` names where it will stand. What the run does not have is said, never made up."""
    task = run.task
    known = read_all(run)
    decision = _read(run, "decision.json")
    review = _read(run, "review.json")
    entries, trouble = _entries(run)
    events = run.journal.read()
    whole = _spent(run)
    spent = _since(whole, events)
    baseline = [one for _, one in known if one.baseline]
    final = [one for _, one in known if not one.baseline]
    page = templates.template(
        "templates",
        "pr-body.md.j2",
        title=inline(task.get("title") or task["task_id"], 160),
        task_id=code(task["task_id"]),
        pair=f"{task['platform']} {task['language']}",
        difficulty=inline(task["difficulty"]),
        region=inline(task["region"]) + ("" if task.get("region_named") else " (the default)"),
        subtask=inline(task.get("subtask", "")),
        asked=inline(_without_headings(task.get("text", "")), 400),
        whole_text=fenced(task.get("text", "")),
        stand_ins=_stand_ins(run, known, spent, events, forge),
        rounds=run.round,
        decision=_decision(decision),
        failures=_failures(entries),
        failures_left=max(0, len(entries) - MOST_FAILURES),
        failures_trouble=inline(trouble, 200),
        failures_count=_counted(entries),
        gap=_gap(decision),
        stages=_stages(baseline, final),
        receipts=_receipts(known),
        not_emulated=_named(final, "not_emulated"),
        unverified=_named(final, "unverified"),
        drifted=_named(final, "drifted"),
        hollow=_named(final, "stand_ins"),
        score=_score(decision, review),
        cost=_cost(spent),
        earlier=_earlier(whole, spent),
        look=_look(decision, review, known),
        notes=[inline(note, 400) for note in task.get("notes") or []],
    )
    if len(page) > MAX_CHARACTERS:
        page = (
            page[:MAX_CHARACTERS].rsplit("\n", 1)[0] + "\n\nThe page was cut here; the rest is in the run's folder.\n"
        )
    return page


def _read(run: Run, name: str) -> dict[str, Any]:
    """A file of the run as an object; {} when it is missing or damaged, which the page then says."""
    try:
        value = files.read_json(run.dir / name)
    except Failure:
        return {}
    return value if isinstance(value, dict) else {}


def _entries(run: Run) -> tuple[list[dict[str, Any]], str]:
    from kit.agents import failures

    try:
        found = failures.read(run, all_rounds=True)
    except Failure as failure:
        return [], str(failure)
    order = {name: number for number, name in enumerate(failures.SEVERITIES)}
    return sorted(found, key=lambda one: (order[one["severity"]], one["round"])), ""


def _spent(run: Run) -> list[dict[str, Any]]:
    from kit.agents.budget import LEDGER, read_ledger

    return [one for one in read_ledger(run.repo / ".runs" / LEDGER) if one["task"] == run.task_id]


def _since(spent: Sequence[dict[str, Any]], events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The calls of this attempt: those since its journal begins."""
    began = _moment(events[0]) if events else None
    return [one for one in spent if began is None or _moment(one) >= began]


def _moment(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(event["at"])).astimezone()


def _earlier(whole: Sequence[dict[str, Any]], own: Sequence[dict[str, Any]]) -> str:
    """What the task cost with its earlier attempts; "" when there were none, or they cost no call."""
    if len(whole) == len(own):
        return ""
    usd = sum(one["usd"] for one in whole)
    return f"That is this attempt. With the earlier ones the task took {len(whole):,} calls and ${usd:.4f}."


def _without_headings(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def _stand_ins(
    run: Run,
    known: Sequence[tuple[Any, Receipt]],
    spent: Sequence[dict[str, Any]],
    events: Sequence[dict[str, Any]],
    forge: str,
) -> list[list[str]]:
    models = sorted({str(one.get("model")) for one in spent if one.get("model")})
    clouds = sorted({f"{one.cloud}{' (emulated)' if one.emulated else ' (real)'}" for _, one in known if one.cloud})
    boxes = sorted({str(one.get("mode")) for one in events if one["event"] == "sandbox"})
    ways = sorted({str(one.figures["how"]) for _, one in known if one.stage == "deploy" and one.figures.get("how")})
    if clouds and not any("real" in one for one in clouds):
        ways.append("nothing was deployed to AWS")
    where = forge or run.settings["switches.forge"]
    rows = [
        ("MODEL", ", ".join(models), "a deterministic stand-in wrote this, no model" if "rehearsal" in models else ""),
        ("CLOUD", ", ".join(clouds), "; ".join(ways)),
        ("FORGE", where, "this page is a file, not a pull request on a server" if where == "local" else ""),
        ("SANDBOX", ", ".join(boxes), "commands of agents ran unprotected" if "none" in boxes else ""),
    ]
    return [[name, inline(value) or _ABSENT, inline(more)] for name, value, more in rows]


def _decision(decision: dict[str, Any]) -> str:
    if not decision:
        return _ABSENT
    reasons = "; ".join(str(one) for one in decision.get("reasons") or [])
    return f"**{inline(decision.get('decision', _ABSENT))}** ({inline(reasons, 400)})"


def _failures(entries: Sequence[dict[str, Any]]) -> str:
    rows = [
        [
            one["severity"],
            one["kind"],
            inline(one["wrong"], 240),
            inline(one["done"], 240),
            code(one["evidence"]),
        ]
        for one in entries[:MOST_FAILURES]
    ]
    return table(["Severity", "Kind", "What was wrong", "How it was mended", "Evidence"], rows) if rows else ""


def _counted(entries: Sequence[dict[str, Any]]) -> str:
    counts = Counter(one["severity"] for one in entries)
    return ", ".join(f"{count} {severity}" for severity, count in counts.items())


def _gap(decision: dict[str, Any]) -> str:
    gap = decision.get("gap")
    if not isinstance(gap, dict) or "same" not in gap:
        return ""
    if gap["same"]:
        return "The first answer and the final code are equal."
    counts = ", ".join(f"{count} {inline(name)}" for name, count in (gap.get("categories") or {}).items())
    return (
        f"{len(gap.get('changes') or []):,} measured differences between the first answer and the final code: {counts}."
    )


def _stages(baseline: Sequence[Receipt], final: Sequence[Receipt]) -> str:
    rows = []
    for stage in STAGES:
        first = [one for one in baseline if one.stage == stage]
        last = [one for one in final if one.stage == stage]
        tried = [one for one in last if one.verdict != NOT_RUN]
        newest = (tried or last or [None])[-1]  # type: ignore[list-item]
        rows.append(
            [
                stage,
                _verdict(first[-1]) if first else _ABSENT,
                f"**{newest.verdict}**" if newest else _ABSENT,
                str(len(tried)),
                f"{newest.seconds:.1f}" if newest else "",
                inline(_figures(newest), 120) if newest else "",
                ("emulated" if newest.emulated else "real") + f" ({inline(newest.cloud)})"
                if newest and newest.cloud
                else "",
            ]
        )
    return table(["Stage", "First answer", "Final", "Attempts", "Seconds", "Figures", "Cloud"], rows)


def _verdict(receipt: Receipt) -> str:
    words = inline(receipt.reason, 110)
    return f"{receipt.verdict}: {words}" if receipt.verdict in (FAILED, NOT_RUN) and words else receipt.verdict


def _figures(receipt: Receipt) -> str:
    shown = []
    for name, value in receipt.figures.items():
        if name in _UNTOLD or (name in _TOLD_ABOVE_ZERO and not value):
            continue
        if isinstance(value, dict):
            parts = [f"{count} {word}" for word, count in value.items() if isinstance(count, int) and count]
            shown += [f"{name} {' '.join(parts)}"] if parts else []
        elif isinstance(value, list):
            shown += [f"{name} {len(value)}"] if value else []
        elif isinstance(value, int | float) and not isinstance(value, bool):
            shown.append(f"{name} {value:,g}{' %' if name == 'coverage' else ''}")
    return ", ".join(shown)


def _receipts(known: Sequence[tuple[Any, Receipt]]) -> str:
    rows = [
        [
            code(path.name),
            one.verdict + (" (first answer)" if one.baseline else ""),
            str(one.round),
            code(one.tree[:12]),
            code(one.log_sha256[:12]) or "no log",
        ]
        for path, one in known
    ]
    return table(["Receipt", "Verdict", "Round", "Tree", "Log (sha256)"], rows) if rows else ""


def _named(final: Sequence[Receipt], figure: str) -> list[str]:
    """The names that the newest deployment or its outputs put under `figure`."""
    for one in reversed(final):
        if one.stage in ("deploy", "outputs") and isinstance(one.figures.get(figure), list):
            return [code(name) for name in one.figures[figure][:MOST_NAMES]]
    return []


def _score(decision: dict[str, Any], review: dict[str, Any]) -> dict[str, Any]:
    score = decision.get("score")
    score = score if isinstance(score, dict) else {}
    return {
        "used": inline(_number(score.get("used"))),
        "reviewer": inline(_number(score.get("reviewer"))),
        "low": inline(_number(score.get("low"))),
        "high": inline(_number(score.get("high"))),
        "note": inline(score.get("note") or "", 200),
        "facts": [inline(one, 160) for one in score.get("facts") or []],
        "minimal": {True: "yes", False: "no"}.get(decision.get("minimal"), "cannot be decided"),  # type: ignore[arg-type]
        "minimal_facts": [inline(one, 200) for one in (decision.get("minimal_facts") or [])[:6]],
        "reasons": [inline(one, 240) for one in (review.get("reasons") or [])[:6]],
    }


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else _ABSENT


def _cost(spent: Sequence[dict[str, Any]]) -> str:
    if not spent:
        return ""
    rows = []
    for agent in dict.fromkeys(str(one.get("agent")) for one in spent):
        own = [one for one in spent if str(one.get("agent")) == agent]
        rows.append(
            [
                inline(agent),
                str(len(own)),
                f"{_tokens(own, False):,}",
                f"{_tokens(own, True):,}",
                f"${sum(one['usd'] for one in own):.4f}",
            ]
        )
    rows.append(
        [
            "**all**",
            str(len(spent)),
            f"{_tokens(spent, False):,}",
            f"{_tokens(spent, True):,}",
            f"**${sum(one['usd'] for one in spent):.4f}**",
        ]
    )
    return table(["Agent", "Calls", "Tokens in", "Tokens out", "USD"], rows)


def _tokens(spent: Sequence[dict[str, Any]], out: bool) -> int:
    kinds = ("output",) if out else ("input", "cache_write", "cache_read")
    counts = [one.get(name) for one in spent for name in kinds]
    return sum(count for count in counts if isinstance(count, int))


def _look(decision: dict[str, Any], review: dict[str, Any], known: Sequence[tuple[Any, Receipt]]) -> list[str]:
    """What deserves a reviewer's eye, most telling first."""
    found = []
    refused = [one for one in decision.get("gates") or [] if not one.get("passed")]
    found += [f"gate {inline(one.get('name'))} failed: {inline(one.get('reason'), 200)}" for one in refused]
    score = decision.get("score") or {}
    if score.get("note"):
        found.append(inline(score["note"], 200))
    found += [f"the reviewer saw: {inline(one, 200)}" for one in (review.get("violations") or [])[:5]]
    newest = {one.stage: (path.name, one) for path, one in known if not one.baseline and one.verdict != NOT_RUN}
    deploy = newest.get("deploy")
    if deploy and deploy[1].figures.get("not_emulated"):
        count = len(deploy[1].figures["not_emulated"])
        found.append(
            f"{_counted_resources(count)} accepted by the emulator with nothing behind it (named below the stages)"
        )
    if deploy and deploy[1].figures.get("drifted"):
        count = len(deploy[1].figures["drifted"])
        found.append(f"{_counted_resources(count)} not held by the emulator as asked for (named below the stages)")
    lint = newest.get("lint")
    if lint:
        security = lint[1].figures.get("security") or {}
        left = ", ".join(f"{count} {word}" for word, count in security.items() if count)
        found += [f"the security scanner still names {inline(left)} ({code(lint[0])})"] if left else []
        if lint[1].figures.get("suppressed"):
            found.append(
                f"{lint[1].figures['suppressed']} checks are switched off in the template itself ({code(lint[0])})"
            )
    if not decision:
        found.append("there is no decision of the gate")
    return found


def _counted_resources(count: int) -> str:
    return "1 resource is" if count == 1 else f"{count} resources are"
