"""Which row is next, claiming it, and what is refused with nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from lists import Write, row, table

from kit.errors import Failure, StopAll
from kit.tasks import attempts, lessons, places
from kit.tasks.queue import NothingToDo, Queue, crashed, drop_row, set_status


def statuses(queue: Queue) -> dict[str, str]:
    return {found.task_id: found.status for found in queue.rows()}


def test_the_first_row_in_file_order_that_is_hard_or_medium_and_not_taken(write: Write) -> None:
    queue = write(
        [
            row("a", "done"),
            row("b", " In_Progress "),
            row("c", difficulty="easy"),
            row("d", "DONE"),
            row("e", difficulty="expert"),
            row("f", "pending", " Medium\t"),
            row("g"),
        ]
    )
    assert queue.claim().task_id == "f"
    assert queue.claim().task_id == "g"
    with pytest.raises(NothingToDo, match=r"2 done, 3 in progress, 1 of difficulty 'easy', 1 of difficulty 'expert'"):
        queue.claim()


def test_a_claim_changes_the_bytes_of_the_status_cell_and_no_others(write: Write, repo: Path) -> None:
    before = b"\xef\xbb\xbf" + table([row("007", note="1e5", language="NA"), row("b")], end="\r\n")[:-2]
    queue = write(before)
    queue.claim()
    after = (repo / "tasks.csv").read_bytes()
    assert after == before.replace(b"007,,", b"007,in_progress,")


def test_the_status_and_note_at_the_end_are_written_byte_for_byte(write: Write, repo: Path) -> None:
    queue = write([row("a"), row("b")])
    before = (repo / "tasks.csv").read_bytes()
    queue.claim()
    queue.set_status("a", "done", 'PR "file:///x", 3 rounds\nand more', expect="in_progress")
    after = (repo / "tasks.csv").read_bytes()
    tail = b',"PR ""file:///x"", 3 rounds and more"\nb,'
    assert after == before.replace(b"\na,,", b"\na,done,").replace(b",\nb,", tail)


def test_mode_and_link_of_the_file_are_kept(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    kept = repo / "lists" / "real.csv"
    kept.parent.mkdir()
    (repo / "tasks.csv").rename(kept)
    kept.chmod(0o640)
    (repo / "tasks.csv").symlink_to(kept)
    queue.claim()
    assert (repo / "tasks.csv").is_symlink()
    assert kept.stat().st_mode & 0o777 == 0o640
    assert statuses(queue) == {"a": "in_progress"}
    assert [path.name for path in kept.parent.iterdir()] == ["real.csv"]


def test_a_status_is_only_set_over_the_expected_one(write: Write, repo: Path) -> None:
    queue = write([row("a", "done")])
    before = (repo / "tasks.csv").read_bytes()
    with pytest.raises(Failure, match=r"line 2: task a is done, expected in_progress: left as it is"):
        set_status(repo, queue.settings, "a", "error", "no", expect="in_progress")
    with pytest.raises(Failure, match=r"no row has the task id zz"):
        queue.set_status("zz", "done")
    assert (repo / "tasks.csv").read_bytes() == before


def test_a_row_that_is_too_short_gets_the_cells_it_lacks(write: Write, repo: Path) -> None:
    queue = write(b"task_id,difficulty,problem,status,trainr_notes\n1,hard,Make a bucket\n2,hard,x\n")
    queue.claim()
    queue.set_status("1", "error", "why")
    assert (repo / "tasks.csv").read_bytes().split(b"\n")[1:3] == [b"1,hard,Make a bucket,error,why", b"2,hard,x"]


@pytest.mark.parametrize("task_id", ["../x", "a b", "x;rm -rf", "-force", "a/b", "", "a..b", "x.lock", "é"])
def test_a_row_whose_id_cannot_name_a_branch_is_passed_over_with_its_line(
    write: Write, task_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    queue = write([row(task_id), row("good")])
    assert queue.claim().task_id == "good"
    assert "tasks.csv: line 2: passed over: task id" in capsys.readouterr().err


def test_rows_with_one_id_are_all_passed_over(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    queue = write([row("a"), row("b"), row("a ")])
    assert queue.claim().task_id == "b"
    with pytest.raises(NothingToDo):
        queue.claim()
    assert "line 2: passed over: 2 rows have the task id 'a'" in capsys.readouterr().err
    with pytest.raises(Failure, match=r"2 rows have the task id 'a'"):
        queue.claim("a")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([*row("a"), "more", "text"], "14 cells where the header has 12"),
        (row("a", problem='a,hard,"Create a stack'), "the cell problem holds the beginning of a row"),
        (row("a", problem="Fine.\n310,hard,You are tasked"), r"\(310,hard,...\): a row is wrapped"),
        (row("a", "the environment has to be built in the us-west-2 region"), "the status cell holds text"),
        (row("a", problem=" \n"), "no task text: problem, environment, background, constraints are empty"),
    ],
)
def test_a_damaged_row_is_passed_over_with_the_reason(
    write: Write, repo: Path, cells: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    queue = write([cells, row("good")])
    before = (repo / "tasks.csv").read_bytes()
    with pytest.raises(Failure, match=reason):
        queue.claim("a")
    assert (repo / "tasks.csv").read_bytes() == before
    assert queue.claim().task_id == "good"


def test_damage_that_can_block_later_tasks_is_learnt_once(write: Write, repo: Path) -> None:
    wrapped = [row(name, problem='z,hard,"Create a stack') for name in ("a", "b")]
    queue = write(
        [*wrapped, [*row("c"), "more", "text"], row("d", problem="", background=""), row("good"), row("more")]
    )
    assert queue.peek().task_id == "good"
    assert not (repo / ".claude").exists(), "a look writes nothing"
    assert [queue.claim().task_id, queue.claim().task_id] == ["good", "more"]
    learnt = [line for line in lessons.read(repo).splitlines() if line.startswith("- ")]
    assert len(learnt) == 2 and "wrapped" in learnt[0] and "shifts the cells" in learnt[1]


def test_a_named_task_is_refused_for_what_it_is(write: Write) -> None:
    queue = write([row("a", "done"), row("b", "in_progress"), row("c", difficulty="easy"), row("d")])
    for task_id, reason in {
        "a": "is done",
        "b": "is in_progress",
        "c": "neither hard nor medium",
        "z": "no row",
    }.items():
        with pytest.raises(Failure, match=reason):
            queue.claim(task_id)
    assert queue.claim("d").task_id == "d"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"task_id,difficulty,status,trainr_notes\n", "it has a header and no rows"),
        (b"task_id,difficulty,status,trainr_notes", "it has a header and no rows"),
        (
            b'task_id,difficulty,status,trainr_notes\n1,hard,,""\n2,"hard,,\n',
            r"line 3: a quote opens here and is never",
        ),
        (b"title,status\nx,\n", "no column for the task's id and difficulty; the columns found are: title, status"),
        (b"task_id,difficulty\n1,hard\n", "no column for status and trainr_notes"),
        ("task_id,difficulty\n1,hard\n".encode("utf-16"), "is UTF-16"),
    ],
)
def test_bad_input_is_one_clear_line_and_changes_nothing(
    write: Write, repo: Path, content: bytes, message: str
) -> None:
    queue = write(content)
    with pytest.raises(Failure, match=message) as caught:
        queue.claim()
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    assert (repo / "tasks.csv").read_bytes() == content
    assert not list((repo / ".runs").glob("*/"))


def test_a_read_only_file_is_left_alone(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    (repo / "tasks.csv").chmod(0o444)
    with pytest.raises(StopAll, match=r"cannot be written: it is read-only") as caught:
        queue.claim()
    assert caught.value.hint.startswith("chmod u+w")
    assert caught.value.spare_attempt
    assert statuses(queue) == {"a": ""}


def test_a_folder_in_its_place_is_told(write: Write, repo: Path) -> None:
    queue = write(b"")
    (repo / "tasks.csv").unlink()
    (repo / "tasks.csv").mkdir()
    with pytest.raises(Failure, match=r"tasks.csv: cannot be read: Is a directory"):
        queue.claim()


def test_a_file_that_another_program_wrote_meanwhile_is_read_again(write: Write, repo: Path) -> None:
    queue = write([row("a")])
    sheet = queue.sheet()
    entry = next(iter(sheet.entries()))
    edits = sheet.edit(entry.start, {"status": "done"})
    (repo / "tasks.csv").write_bytes(table([row("new"), row("a")]))
    from kit.tasks.sheet import Changed

    with pytest.raises(Changed):
        sheet.save(edits)
    assert statuses(queue) == {"new": "", "a": ""}
    assert not list(repo.glob(".tasks.csv.*"))


def test_error_rows_are_tried_again_until_their_attempts_are_used_up(write: Write) -> None:
    queue = write([row("a")], **{"limits.max_attempts": 2})
    for _ in range(2):
        assert queue.claim().task_id == "a"
        attempts.spend(queue.run("a"))
        queue.set_status("a", "error", "broken")
    with pytest.raises(NothingToDo, match=r"1 parked after their last attempt"):
        queue.claim()
    with pytest.raises(Failure, match=r"had all its attempts and is parked") as caught:
        queue.claim("a")
    assert caught.value.hint == "make retry ID=a"
    attempts.retry(queue.run("a"))
    assert queue.claim().task_id == "a"


def test_an_error_row_is_not_taken_twice_in_one_loop(write: Write) -> None:
    queue = write([row("a", "error"), row("b")])
    assert queue.claim(skip={"a"}).task_id == "b"
    with pytest.raises(NothingToDo, match=r"1 already tried in this loop"):
        queue.claim(skip={"a"})


def test_a_claim_given_back_costs_no_attempt_and_restores_the_row(write: Write, repo: Path) -> None:
    queue = write([row("a", "error", trainr_notes="the reason before")])
    before = (repo / "tasks.csv").read_bytes()
    queue.claim()
    assert attempts.counted(queue.run("a")) == 1
    queue.give_back("a")
    assert attempts.counted(queue.run("a")) == 0
    assert (repo / "tasks.csv").read_bytes() == before


def test_a_claim_that_could_not_be_written_costs_no_attempt(write: Write, repo: Path) -> None:
    queue = write([row("a", "error")], **{"limits.max_attempts": 1})
    attempts.intend(queue.run("a"), "error", "")
    assert queue.claim().task_id == "a"
    assert attempts.counted(queue.run("a")) == 1


def test_a_damaged_claim_file_is_named(write: Write, repo: Path) -> None:
    queue = write([row("a", "error")])
    (repo / ".runs" / "a").mkdir(parents=True)
    (repo / ".runs" / "a" / "claim.json").write_text("[]")
    with pytest.raises(Failure, match=r"claim.json: holds \[\], not a claim"):
        queue.claim()


def test_a_task_whose_run_is_being_worked_on_is_passed_over(write: Write) -> None:
    queue = write([row("a", "error"), row("b")])
    with queue.run("a").working():
        assert queue.claim().task_id == "b"


def test_a_row_is_dropped_whole_and_the_rest_stays(write: Write, repo: Path) -> None:
    write([row("a"), row("b"), row("c")])
    path = repo / "tasks.csv"
    lines = [table([cells])[len(table([])) :] for cells in (row("a"), row("b"), row("c"))]
    assert drop_row(path, "b")
    assert path.read_bytes() == table([]) + lines[0] + lines[2]
    assert not drop_row(path, "b")
    path.write_bytes(path.read_bytes()[:-1])
    assert drop_row(path, "c")
    assert path.read_bytes() == table([]) + lines[0]


def test_columns_are_added_once_and_all_else_stays(write: Write, repo: Path) -> None:
    before = b'taskId,difficulty,problem_statement.problem\r\n"280", "hard","Make, a\r\nbucket"\r\n281,hard,y'
    queue = write(before)
    assert queue.add_columns() == ["status", "trainr_notes"]
    assert queue.add_columns() == []
    after = (repo / "tasks.csv").read_bytes()
    assert after == before.replace(b"problem\r", b"problem,status,trainr_notes\r").replace(b'et"', b'et",,') + b",,"
    assert queue.claim().task_id == "280"


def test_text_in_a_quoted_cell_is_never_a_row(write: Write) -> None:
    trap = "A list:\nx1,,cdk,ts,hard,,,,,,,\nx2,pending,,,hard"
    queue = write([row("a", "done", constraints=trap), row("b")])
    assert [found.task_id for found in queue.rows()] == ["a", "b"]
    assert queue.claim().task_id == "b"


def test_long_prose_around_changed_cells_is_untouched(write: Write, repo: Path) -> None:
    prose = 'He said "one", then\r\ntwo;\tthree, 007, 1e5, NA\n\n' * 300
    rows = [row(f"t{number}", problem=prose, background=prose) for number in range(20)]
    queue = write(rows)
    for number in range(20):
        assert queue.claim().task_id == f"t{number}"
        queue.set_status(f"t{number}", "done", f"note {number}")
    assert (repo / "tasks.csv").read_bytes() == table(
        [row(f"t{n}", "done", problem=prose, background=prose, trainr_notes=f"note {n}") for n in range(20)]
    )


def test_nothing_is_crashed_in_a_list_that_others_claimed(write: Write, repo: Path) -> None:
    queue = write([row("a", "in_progress")])
    assert crashed(repo, queue.settings) == []


def test_where_rows_are_is_remembered_while_the_file_is_the_one_written_last(write: Write, repo: Path) -> None:
    queue = write([row("a"), row("b"), row("c")])
    for task_id in ("a", "c"):
        queue.claim(task_id)
    queue.set_status("a", "error", "a note that moves all rows behind it")
    sheet = queue.sheet()
    found = places.find(repo / ".runs", sheet, "c")
    assert found is not None
    assert sheet.data[found.start :].startswith(b"c,in_progress,")
    assert places.find(repo / ".runs", sheet, "b") is None
    queue.set_status("c", "done", "quickly")
    assert statuses(queue) == {"a": "error", "b": "", "c": "done"}


def test_where_rows_were_is_forgotten_when_another_program_wrote_the_file(write: Write, repo: Path) -> None:
    queue = write([row("a"), row("b")])
    queue.claim("b")
    (repo / "tasks.csv").write_bytes(table([row("b", "in_progress"), row("a")]))
    assert places.find(repo / ".runs", queue.sheet(), "b") is None
    (repo / ".runs" / "queue.json").write_text("{")
    queue.set_status("b", "done", expect="in_progress")
    assert statuses(queue) == {"b": "done", "a": ""}


def test_a_remembered_place_that_holds_another_row_is_not_used(write: Write, repo: Path) -> None:
    queue = write([row("a"), row("b")])
    sheet = queue.sheet()
    starts = {entry.task_id: entry.start for entry in sheet.entries()}
    for wrong in (0, starts["b"], starts["a"] + 1, len(sheet.data), len(sheet.data) + 9):
        assert sheet.entry_at(wrong, "a") is None
    assert sheet.entry_at(starts["a"], "a") is not None
