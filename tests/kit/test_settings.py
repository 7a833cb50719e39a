"""Settings and what overrides them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.errors import Failure
from kit.settings import REPO_FILE, Settings


def own(repo: Path, text: str) -> Path:
    path = repo / REPO_FILE
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return repo


def test_each_later_source_wins(tmp_path: Path) -> None:
    repo = own(tmp_path, "[limits]\nmax_rounds = 4\nmax_attempts = 5\nmax_turns = 6\n")
    environ = {"MAX_ATTEMPTS": "7", "MAX_TURNS": "8"}
    settings = Settings.load(repo, environ=environ, flags={"limits.max_turns": 9, "switches.model": None})
    assert [settings[f"limits.{name}"] for name in ("max_rounds", "max_attempts", "max_turns")] == [4, 7, 9]
    assert settings.sources["limits.max_attempts"] == "$MAX_ATTEMPTS"


def test_the_text_of_the_base_commit_replaces_the_file(tmp_path: Path) -> None:
    repo = own(tmp_path, "[limits]\nmax_rounds = 4\n")
    assert Settings.load(repo, repo_text="", environ={})["limits.max_rounds"] == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[limits]\nmax_round = 4\n", "unknown setting limits.max_round"),
        ("[limits]\nmax_rounds = '4'\n", "max_rounds = '4': wanted int"),
        ("[limits]\nmax_rounds = true\n", "max_rounds = True: wanted int"),
        ("[limits\n", "not valid TOML"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(Failure, match=message) as caught:
        Settings.load(own(tmp_path, text), environ={})
    assert REPO_FILE in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("MAX_ROUNDS", "many"), ("TC_MODELS_THREAD", "perhaps")])
def test_a_bad_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(Failure, match=rf"\${name} = '{value}'"):
        Settings.load(environ={name: value})


def test_prices_take_any_model_id(tmp_path: Path) -> None:
    repo = own(tmp_path, '[prices]\n"some-model" = [1.0, 2.0, 3.0, 4.0]\n')
    assert Settings.load(repo, environ={}).table("prices")["some-model"] == [1.0, 2.0, 3.0, 4.0]


def test_variables_are_unambiguous() -> None:
    names = Settings.load(environ={}).sources
    bare = [name.rpartition(".")[2] for name in names if name.startswith(Settings.BARE)]
    assert len(bare) == len(set(bare))
    long = [name.replace(".", "_") for name in names]
    assert len(long) == len(set(long))


def test_common_words_of_an_environment_mean_nothing_here() -> None:
    settings = Settings.load(environ={"FILE": "x", "THREAD": "x", "ENGINE": "x", "RESPONSE": "x"})
    assert settings["tasks.file"] == "tasks.csv"
    assert Settings.load(environ={"TC_TASKS_FILE": "queue.csv"})["tasks.file"] == "queue.csv"
