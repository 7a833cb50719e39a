"""CSV as bytes: where rows and cells are, what a cell says, and what has to change to make it say something else.

Reads exactly what Python's csv module reads: a quote opens only at the start of a cell, text after the
closing quote is appended to it, rows end with LF, CRLF or CR. Scanning is left to compiled patterns.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Mapping, Sequence

BOM = b"\xef\xbb\xbf"

Buffer = bytes | mmap.mmap
Span = tuple[int, int]
Edit = tuple[int, int, bytes]
"""Replace the bytes from the first offset up to the second by the third."""

_CELL = rb'(?:"[^"]*+(?:""[^"]*+)*+"[^,\r\n]*+|(?!")[^,\r\n]*+)'
_END = rb"(?:\r\n|\n|\r|\Z)"
_ONE = re.compile(rb"(" + _CELL + rb")(,|" + _END + rb")")
_QUOTED = re.compile(rb'"([^"]*+(?:""[^"]*+)*+)"(.*)', re.DOTALL)
_BREAK = re.compile(rb"\r\n|\n|\r")
_MUST_QUOTE = re.compile(r'[,"\r\n]')


class OpenQuote(Exception):
    """Raised when a quote that opens at `offset` is never closed."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def body(data: Buffer) -> int:
    """The offset of the first row: behind a byte order mark and leading blank lines."""
    start = len(BOM) if data[: len(BOM)] == BOM else 0
    while data[start : start + 1] in (b"\n", b"\r"):
        start += 1
    return start


def rows(data: Buffer, columns: Sequence[int], start: int) -> Iterator[re.Match[bytes]]:
    """Match after match for the rows from offset `start` on, blank lines left out.

    Group k is the raw cell of the k-th smallest of `columns`, None where the row is too short; the match
    spans the row with its line end. Raises `OpenQuote`.
    """
    match, size = _row_pattern(columns).match, len(data)
    while start < size:
        found = match(data, start)
        if found is None:
            cells(data, start)
            raise AssertionError(f"the row at {start} can be split but not matched")
        begin, start = found.span()
        if start - begin > 2 or found.group().strip(b"\r\n"):
            yield found


def cells(data: Buffer, start: int) -> tuple[list[Span], int, int]:
    """The spans of the raw cells of the row at `start`, where its text ends, and where the next row starts."""
    spans = []
    while True:
        found = _ONE.match(data, start)
        if found is None:
            raise OpenQuote(start)
        spans.append(found.span(1))
        start = found.end()
        if found.group(2) != b",":
            return spans, found.start(2), start


def value(raw: bytes) -> str:
    """What a raw cell says; bytes that are not UTF-8 become U+FFFD."""
    if raw[:1] == b'"':
        found = _QUOTED.fullmatch(raw)
        if found is None:
            raise OpenQuote(0)
        raw = found[1].replace(b'""', b'"') + found[2]
    return raw.decode("utf-8", "replace")


def raw(text: str, *, like: bytes = b"") -> bytes:
    """`text` as a raw cell, quoted when it has to be or when the cell `like`, which it replaces, was."""
    if like[:1] == b'"' or _MUST_QUOTE.search(text) or text != text.strip():
        return b'"' + text.replace('"', '""').encode() + b'"'
    return text.encode()


def change(data: Buffer, start: int, values: Mapping[int, str]) -> list[Edit]:
    """The edits that give the row at `start` new cell values by column number, with cells added if it is short."""
    spans, end, _ = cells(data, start)
    edits = []
    for column, text in sorted(values.items()):
        if column < len(spans):
            begin, stop = spans[column]
            edits.append((begin, stop, raw(text, like=data[begin:stop])))
    wanted = [column for column in values if column >= len(spans)]
    if wanted:
        added = [raw(values.get(column, "")) for column in range(len(spans), max(wanted) + 1)]
        edits.append((end, end, b"".join(b"," + cell for cell in added)))
    return edits


def drop(data: Buffer, start: int) -> list[Edit]:
    """The edits that take the whole row at `start` out, with its line end."""
    _, _, after = cells(data, start)
    return [(start, after, b"")]


def widen(data: Buffer, start: int, names: Sequence[str]) -> list[Edit]:
    """The edits that add the columns `names` behind the last one, empty in every row from the header at `start` on."""
    commas = b"," * len(names)
    edits: list[Edit] = []
    for found in rows(data, [0], start):
        line = found.group()
        end = found.start() + len(line) - (2 if line.endswith(b"\r\n") else line.endswith((b"\n", b"\r")))
        more = commas if edits else b"".join(b"," + raw(name) for name in names)
        edits.append((end, end, more))
    return edits


def apply(data: Buffer, edits: Sequence[Edit]) -> Iterator[tuple[int, int] | bytes]:
    """The pieces of the changed document in order: spans of `data` to keep, and new bytes."""
    at = 0
    for begin, stop, new in edits:
        if begin > at:
            yield at, begin
        if new:
            yield new
        at = stop
    if at < len(data):
        yield at, len(data)


def changed(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The changed document at once, for small ones."""
    return b"".join(piece if isinstance(piece, bytes) else data[slice(*piece)] for piece in apply(data, edits))


def breaks(data: Buffer, start: int, end: int) -> int:
    """The number of line ends between two offsets, as an editor counts them."""
    part = data[start:end]
    if b"\r" not in part:
        return part.count(b"\n")
    return sum(1 for _ in _BREAK.finditer(part))


def _row_pattern(columns: Sequence[int]) -> re.Pattern[bytes]:
    # One pattern for a whole row, so that a row costs one call; cells past the last wanted one are skipped over.
    wanted, last = set(columns), max(columns)
    tail = rb"(?:," + _CELL + rb")*+"
    for column in range(last, -1, -1):
        cell = rb"(" + _CELL + rb")" if column in wanted else _CELL
        tail = cell + tail if column == last else cell + rb"(?:," + tail + rb")?+"
    return re.compile(tail + _END)
