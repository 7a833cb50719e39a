from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cost
from agents import server as api
from agents.conftest import message, report, with_settings
from kit.agents import budget, places
from kit.agents.budget import Ledger, Prices, Tokens
from kit.agents.desk import Desk
from kit.errors import Failure, StopAll
from kit.run.rundir import Run
from kit.settings import TOOLKIT

AGENT = "iac-infra-qa-trainer"
PRICES = Prices(5.0, 6.25, 0.5, 25.0)


def test_four_kinds_of_tokens_have_their_prices() -> None:
    assert PRICES.usd(Tokens(1_000_000, 0, 0, 0)) == 5.0
    assert PRICES.usd(Tokens(0, 1_000_000, 0, 0)) == 6.25
    assert PRICES.usd(Tokens(0, 0, 1_000_000, 0)) == 0.5
    assert PRICES.usd(Tokens(0, 0, 0, 1_000_000)) == 25.0
    assert Tokens(1, 2, 3, 4) + Tokens(1, 1, 1, 1) == Tokens(2, 3, 4, 5) and Tokens(1, 2, 3, 4).prompt == 6


def test_the_worst_case_has_nothing_cached_and_a_full_answer() -> None:
    assert PRICES.worst(1_000_000, 20_000) == pytest.approx(6.25 + 0.5)


@pytest.mark.parametrize("usage", [{}, {"input_tokens": None}, {"input_tokens": "7"}, {"input_tokens": -3}])
def test_an_odd_usage_counts_as_nothing(usage: dict[str, Any]) -> None:
    assert Tokens.of(usage) == Tokens()


def test_tokens_are_found_in_a_body_that_is_no_json() -> None:
    assert Tokens.found_in(b'{"usage": {"input_tokens": 70, "output_tokens": 9, "cache_read_i') == Tokens(70, 0, 0, 9)


@pytest.mark.parametrize("prices", [[], [1.0, 2.0, 3.0], ["a", 1, 1, 1], [-1, 1, 1, 1], 5])
def test_prices_that_cannot_be_used_are_refused(run: Run, prices: Any) -> None:
    run.settings._values["prices.x"] = prices
    with pytest.raises(StopAll, match="no usable prices for 'x'"):
        Prices.of(run.settings, "x")


def spend(run: Run, usd: float, task: str = "277", **more: Any) -> None:
    Ledger(run.repo, task).add(agent="a", round=1, model="m", tokens=Tokens(1, 0, 9, 1), usd=usd, **more)


def test_a_call_that_could_exceed_the_tasks_cap_is_not_made(run: Run) -> None:
    run = with_settings(run, limits__max_usd_task=2.0)
    ledger = Ledger(run.repo, "277")
    spend(run, 1.2)
    spend(run, 5.0, task="other")
    ledger.check(run.settings, 0.7)
    with pytest.raises(Failure, match=r"max_usd_task: \$1\.20 spent, up to \$0\.90 to come") as caught:
        ledger.check(run.settings, 0.9)
    assert not isinstance(caught.value, StopAll) and "make cost" in caught.value.hint
    assert budget.spent_usd(run) == pytest.approx(1.2)


def test_what_another_process_spends_counts_at_once(run: Run) -> None:
    run = with_settings(run, limits__max_usd_task=2.0)
    ledger = Ledger(run.repo, "277")
    ledger.check(run.settings, 1.0)
    spend(run, 1.5)
    with pytest.raises(Failure, match="max_usd_task"):
        ledger.check(run.settings, 1.0)


def test_a_cap_below_one_call_says_so_at_once(run: Run) -> None:
    run = with_settings(run, limits__max_usd_task=0.01)
    with pytest.raises(StopAll, match="below the worst case of one call"):
        Ledger(run.repo, "277").check(run.settings, 0.5)


def test_the_loops_cap_counts_all_tasks_since_it_began(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run = with_settings(run, limits__max_usd_loop=3.0)
    monkeypatch.setenv(budget.LOOP_VARIABLE, "2020-01-01T00:00:00+00:00")
    spend(run, 2.5, task="other")
    with pytest.raises(StopAll, match="max_usd_loop"):
        Ledger(run.repo, "277").check(run.settings, 1.0)
    monkeypatch.setenv(budget.LOOP_VARIABLE, "2999-01-01T00:00:00+00:00")
    Ledger(run.repo, "277").check(run.settings, 1.0)


def test_a_damaged_line_of_the_ledger_is_passed_over_and_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    spend(run, 1.0)
    with (run.repo / ".runs" / budget.LEDGER).open("ab") as out:
        out.write(b'{"task": "277"}\n{"at": cut\n')
    spend(run, 1.0)
    assert budget.spent_usd(run) == 2.0
    assert capsys.readouterr().err.count("damaged line") == 2


def test_no_request_goes_out_when_the_cap_is_too_low(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with api.serving([message([report()], "a")]) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
        changed = with_settings(run, models__base_url=server.url, limits__max_usd_task=0.05)
        with Desk(changed, AGENT, refusal=places.refusal) as desk:
            desk.open("Begin.")
            with pytest.raises(StopAll, match="worst case of one call"):
                desk.work()
    assert server.requests == []


def test_the_cap_stops_between_two_calls_with_the_work_saved(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    dear = message([("bash", {"command": "echo x >> lib/ran"})], "a") | {
        "usage": {"input_tokens": 1000, "output_tokens": 20000}
    }
    with api.serving([dear, message([report()], "b")]) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
        changed = with_settings(run, models__base_url=server.url, limits__max_usd_task=0.9)
        with Desk(changed, AGENT, refusal=places.refusal) as desk:
            desk.open("Begin.")
            with pytest.raises(Failure, match="the work so far is saved"):
                desk.work()
    assert len(server.requests) == 1 and (run.worktree / "lib/ran").read_text() == "x\n"
    assert budget.spent_usd(run) == pytest.approx(0.505)


def test_an_answer_that_cannot_be_read_is_paid_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps({"content": [], "usage": {"input_tokens": 1_000_000, "output_tokens": 0}})[:-1].encode() + b",]"
    with api.serving([api.garbled(body)]) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
        with Desk(with_settings(run, models__base_url=server.url), AGENT, refusal=places.refusal) as desk:
            desk.open("Begin.")
            with pytest.raises(Failure, match="is no message"):
                desk.work()
    assert budget.spent_usd(run) == pytest.approx(5.0)
    entry = budget.read_ledger(run.repo / ".runs" / budget.LEDGER)[0]
    assert entry["parsed"] is False


@pytest.mark.parametrize("sse", [True, False], ids=["stream", "body"])
def test_an_answer_that_was_cut_and_asked_for_again_is_paid_for(
    run: Run, monkeypatch: pytest.MonkeyPatch, sse: bool
) -> None:
    monkeypatch.setattr("anthropic._base_client.INITIAL_RETRY_DELAY", 0.01)
    lost = message([report()], "a")
    data = json.dumps({"usage": lost["usage"], **lost}).encode()
    half: Any = lambda handler: handler.raw(200, data[: len(data) // 2], length=len(data))  # noqa: E731
    early: Any = lambda handler: handler.events(lost, upto=3)  # noqa: E731
    with api.serving([early if sse else half, message([report()], "b")]) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
        with Desk(with_settings(run, models__base_url=server.url), AGENT, refusal=places.refusal) as desk:
            desk.open("Begin.")
            assert desk.work()
    entries = budget.read_ledger(run.repo / ".runs" / budget.LEDGER)
    assert [entry["parsed"] for entry in entries] == [False, True]
    assert entries[0]["usd"] == entries[1]["usd"] > 0


def test_cost_groups_sums_and_says_the_cached_share(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    spend(run, 1.0)
    spend(run, 2.0, parsed=False)
    spend(run, 0.5, task="other")
    assert cost.main(["--repo", str(run.repo), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [(row["task"], row["calls"], row["usd"]) for row in said["rows"]] == [("277", 2, 3.0), ("other", 1, 0.5)]
    assert said["total"]["cached"] == pytest.approx(0.9) and said["total"]["unread"] == 1
    assert cost.main(["--repo", str(run.repo), "--by", "task"]) == 0
    shown = capsys.readouterr()
    assert "90%" in shown.out and shown.out.splitlines()[-1].startswith("all") and "could not be read" in shown.err


def test_cost_without_a_ledger_is_no_error(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert cost.main(["--repo", str(run.repo), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_help_and_transcripts_load_neither_the_sdk_nor_pandas() -> None:
    script = (
        "import sys; sys.path.insert(0, 'scripts'); import run_agent, cost, kit.agents.phases, kit.agents.playback\n"
        "print([name for name in ('anthropic', 'pandas', 'jsonschema', 'jinja2', 'boto3') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(TOOLKIT), capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"
