"""The gate's decision about a round: the content gates, the score and the rule, written to decision.json."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kit import files
from kit.errors import Failure
from kit.gates import answers, claims, features, rule, score
from kit.gates.minimal import Minimal, baseline_of, compute, entries_of
from kit.gates.model import Result, judge_all
from kit.gates.register import GATES
from kit.gates.subject import Subject
from kit.run.rundir import Run


def decide(run: Run) -> dict[str, Any]:
    """Judge the round after its review and write decision.json; returns what it holds.

    Any gate that fails, anything that cannot be measured and anything unexpected rejects, with its reason.
    """
    subject = Subject(run)
    results = judge_all((gate for gate in GATES if not gate.last), subject)
    refusals = [f"{one.name}: {one.reason}" for one in results if not one.passed]
    minimal = _minimal(subject, refusals)
    counts, settled, gap = _score(subject, minimal, refusals)
    complexity = run.task.get("difficulty")
    chosen: list[str] = []
    max_rounds = run.settings["limits.max_rounds"]
    try:
        max_rounds = subject.settings["limits.max_rounds"]
    except Failure as failure:
        refusals.append(str(failure))
    made = rule.decide(
        minimal=minimal.value,
        complexity=complexity,
        score=counts,
        number=run.round,
        max_rounds=max_rounds,
        refusals=refusals,
    )
    if made.decision == rule.ITERATE:
        try:
            chosen = _features(subject)
        except Exception as error:
            made = rule.Decision(rule.REJECT, [f"next round: {_words(error)}"])
    value = {
        "decision": made.decision,
        "reasons": made.reasons,
        "minimal": minimal.value,
        "minimal_facts": minimal.facts,
        "score": settled or {"reviewer": None, "low": None, "high": None, "used": None, "facts": [], "note": ""},
        "gap": gap,
        "gates": [{"name": one.name, "passed": one.passed, "reason": one.reason} for one in results],
        "tree": _tree(subject),
        "round": run.round,
        "next_features": chosen,
    }
    files.write_json(run.dir / "decision.json", value)
    return value


def before_pr(run: Run) -> list[Result]:
    """Ask every gate about the tree as it is, just before it is submitted."""
    return judge_all(GATES, Subject(run))


def _minimal(subject: Subject, refusals: list[str]) -> Minimal:
    try:
        number = subject.run.round
        return compute(entries_of(subject.run, number), baseline_of(subject.receipts, number))
    except Exception as error:
        refusals.append(f"minimal: {_words(error)}")
        return Minimal(None, [_words(error)])


def _score(
    subject: Subject, minimal: Minimal, refusals: list[str]
) -> tuple[Any, dict[str, Any] | None, dict[str, Any]]:
    """What the rule is to be told as the score, how it came about (None: it did not), and the measured gap."""
    try:
        review = files.read_json(subject.run.dir / "review.json", remedy="make review")
        if not isinstance(review, dict):
            raise Failure(f"review.json: wanted an object, found {type(review).__name__}", hint="make review")
        refusals += _verdict(review, subject)
        gap = claims.measured_gap(subject)
        troubles = len(minimal.facts) if minimal.value is False else 0
        given = review.get("training_quality")
        settled = score.settle(given, gap, troubles, str(subject.run.task.get("difficulty")))
        # What is no score goes to the rule as it is, which says why it is none.
        return given if settled.used is None else settled.used, asdict(settled), gap.as_dict()
    except Exception as error:
        refusals.append(f"score: {_words(error)}")
        return None, None, {}


def _verdict(review: dict[str, Any], subject: Subject) -> list[str]:
    """What the reviewer's verdict itself refuses."""
    from kit.agents.review import problems_of

    # The score is judged by the rule, in its own words.
    found = [f"review.json: {one}" for one in problems_of(review) if not one.startswith("training_quality")]
    for name in ("prerequisites_met", "ready"):
        if review.get(name) is False:
            more = "; ".join(str(one) for one in review.get("violations") or []) or "no violation named"
            found.append(f"review.json: {name} is false: {more}")
    if "tree" in review and review["tree"] != subject.tree:
        found.append("review.json: is about another tree; review again (make review)")
    if "round" in review and review["round"] != subject.run.round:
        found.append(f"review.json: is about round {review['round']!r}, this is round {subject.run.round}; make review")
    return found


def _features(subject: Subject) -> list[str]:
    review = files.read_json(subject.run.dir / "review.json", remedy="make review")
    prompts = [name for name in subject.files if name.startswith("lib/PROMPT")]
    asked = "\n".join([str(subject.run.task["text"]), *(subject.text(name) for name in prompts)])
    responses = [subject.text(path) for path in answers.responses(subject).values()]
    used = "\n".join([*responses, *answers.final_code(subject).values()])
    return features.choose(review.get("new_features"), asked, used)


def _tree(subject: Subject) -> str:
    try:
        return subject.tree
    except Failure:
        return ""


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}"
