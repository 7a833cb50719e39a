"""Reading and splicing CSV agrees with Python's csv module, and leaves every other byte alone."""

from __future__ import annotations

import csv
import io
import random
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.tasks import csvfile

FILES = 12_000
csv.field_size_limit(sys.maxsize)


def expected(data: bytes) -> list[list[str]]:
    """What the csv module reads, blank lines left out."""
    text = data.decode("utf-8-sig", "replace")
    return [cells for cells in csv.reader(io.StringIO(text, newline="")) if cells]


def read(data: bytes) -> list[list[str]]:
    """What csvfile reads."""
    found = []
    for match in csvfile.rows(data, [0], csvfile.body(data)):
        spans, _, after = csvfile.cells(data, match.start())
        assert after == match.end()
        found.append([csvfile.value(data[slice(*span)]) for span in spans])
    return found


def generated(chance: random.Random) -> bytes:
    """One CSV document as people and tools make them; quotes are balanced, nothing else is sure."""
    end = chance.choice(["\n", "\r\n", "\r"])
    pieces = [
        "a",
        "ü",
        "7",
        " ",
        ",",
        '""',
        "\n",
        "\r\n",
        "\r",
        "\0",
        "hard",
        "1e5",
        "NA",
        "日本",
        "\\n",
        "'",
        ";",
        "\t",
    ]
    width = chance.randint(1, 6)
    lines = []
    for _ in range(chance.randint(1, 7)):
        cells = []
        for _ in range(max(1, width + chance.choice([0, 0, 0, 0, 1, -1]))):
            kind = chance.random()
            length = 400 if chance.random() < 0.01 else 6
            if kind < 0.5:
                body = "".join(chance.choice(pieces) for _ in range(chance.randint(0, length)))
                tail = chance.choice(["", "", "", " x", 'b"c', '""'])
                cells.append(f'"{body}"{tail}')
            elif kind < 0.9:
                plain = [piece for piece in pieces if piece not in (",", "\n", "\r\n", "\r", '""')]
                cells.append("".join(chance.choice(plain) for _ in range(chance.randint(0, length))))
            else:
                cells.append(chance.choice([' "hard"', 'in"side', "007", ""]))
        lines.append(",".join(cells))
        if chance.random() < 0.05:
            lines.append("")
    text = end.join(lines) + chance.choice([end, end, ""])
    return chance.choice([b"", b"", csvfile.BOM]) + text.encode()


def test_every_generated_file_is_read_as_the_csv_module_reads_it_and_spliced_byte_for_byte() -> None:
    chance = random.Random(20)
    values = ["in_progress", "done", "", 'said "no", twice', "two\nlines", "ümlaut", " spaced "]
    spliced = 0
    for _ in range(FILES):
        data = generated(chance)
        rows = expected(data)
        assert read(data) == rows
        starts = [match.start() for match in csvfile.rows(data, [0], csvfile.body(data))]
        if not rows:
            continue
        at = chance.randrange(len(rows))
        start = starts[at]
        if chance.random() < 0.15:
            gone = csvfile.changed(data, csvfile.drop(data, start))
            assert expected(gone) == rows[:at] + rows[at + 1 :]
            assert gone.startswith(data[:start])
            continue
        column, text = chance.randrange(len(rows[at]) + 2), chance.choice(values)
        if len(rows[at]) == 1 and column == 0 and text == "":
            continue
        edits = csvfile.change(data, start, {column: text})
        new = csvfile.changed(data, edits)
        wanted = list(rows[at]) + [""] * (column + 1 - len(rows[at]))
        wanted[column] = text
        assert expected(new) == [*rows[:at], wanted, *rows[at + 1 :]]
        ((begin, stop, piece),) = edits
        assert new == data[:begin] + piece + data[stop:]
        spliced += 1
    assert spliced > 0.7 * FILES


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=5), min_size=1, max_size=6))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    assert read(out.getvalue().encode()) == rows


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_as_the_csv_module_reads_them_or_refused_for_an_open_quote(data: bytes) -> None:
    try:
        found = read(data)
    except csvfile.OpenQuote as error:
        assert data[error.offset : error.offset + 1] == b'"'
        return
    assert found == expected(data)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"", ""),
        (b"007", "007"),
        (b'"a ""b"" c"', 'a "b" c'),
        (b' "hard"', ' "hard"'),
        (b'"ab"cd', "abcd"),
        (b'"ab"c"d"', 'abc"d"'),
        (b'""', ""),
        (b"\xff", "�"),
    ],
)
def test_the_value_of_a_cell(raw: bytes, value: str) -> None:
    assert csvfile.value(raw) == value


def test_a_new_value_keeps_the_quotes_of_the_old_one_and_gets_them_when_it_needs_them() -> None:
    assert csvfile.raw("done", like=b'"pending"') == b'"done"'
    assert csvfile.raw("done", like=b"pending") == b"done"
    assert csvfile.raw('a "b", c') == b'"a ""b"", c"'


def test_an_open_quote_is_found_where_it_opens() -> None:
    data = b'id,text\n1,"fine"\n2,"never closed\n3,x\n'
    with pytest.raises(csvfile.OpenQuote) as caught:
        list(csvfile.rows(data, [0, 1], 0))
    assert data[caught.value.offset :].startswith(b'"never closed')


def test_the_last_row_is_dropped_though_it_has_no_line_end() -> None:
    data = b"id\r\n1\r\n2"
    start = data.index(b"2")
    assert csvfile.changed(data, csvfile.drop(data, start)) == b"id\r\n1\r\n"


def test_columns_are_added_to_every_row_and_to_the_header() -> None:
    data = csvfile.BOM + b'id,text\r\n1,"a\r\nb"\r\n\r\n2,c'
    new = csvfile.changed(data, csvfile.widen(data, csvfile.body(data), ["status", "notes"]))
    assert new == csvfile.BOM + b'id,text,status,notes\r\n1,"a\r\nb",,\r\n\r\n2,c,,'


def test_wanted_columns_are_groups_and_missing_ones_are_none() -> None:
    data = b'1,"x,y",hard,rest\n2\n'
    found = [match.groups() for match in csvfile.rows(data, [2, 0], 0)]
    assert found == [(b"1", b"hard"), (b"2", None)]


def test_line_ends_are_counted_as_an_editor_counts_them() -> None:
    assert csvfile.breaks(b"a\r\nb\nc\rd", 0, 8) == 3
    assert csvfile.breaks(b"a\nb\n", 0, 2) == 1
