"""Code blocks and files: `render` writes files as Markdown, `extract` reads them back; each undoes the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from kit.agents import places

_LANGUAGES = {
    ".yml": "yaml",
    ".yaml": "yaml",
    ".json": "json",
    ".ts": "typescript",
    ".tsx": "typescript",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".py": "python",
    ".sh": "bash",
    ".md": "markdown",
    ".toml": "toml",
    ".txt": "text",
}
_ALIASES = {"yml": "yaml", "ts": "typescript", "js": "javascript", "py": "python", "cloudformation": "yaml"}
_NO_NEWLINE = "no-final-newline"
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)")
_SUFFIXES = "|".join(sorted((suffix[1:] for suffix in (*_LANGUAGES, ".html", ".css", ".cfg", ".ini")), key=len)[::-1])
_PATH = re.compile(rf"(?:[\w@.+-]+/)+[\w@.+-]+|[\w@+-][\w@.+-]*\.(?:{_SUFFIXES})\b")
_COMMENT = re.compile(r"\s*(?:#|//|--|/\*|<!--)\s*(?:file(?:name)?\s*:\s*)?(?P<rest>\S+)\s*(?:\*/|-->)?\s*")


@dataclass
class Extraction:
    """What a reply's code blocks hold: `files` by path, and a sentence for each thing refused or worth knowing."""

    files: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Block:
    line: int
    info: str
    content: str
    before: str
    closed: bool


def fence_for(text: str) -> str:
    """A run of backticks longer than any in `text`, at least three."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    return "`" * max(3, longest + 1)


def render(files: Mapping[str, str]) -> str:
    """Markdown with one heading and one code block a file, in the order given.

    Raises `Failure` for a path that could not be read back.
    """
    parts = []
    for path, content in files.items():
        places.normal(path)
        info = _LANGUAGES.get(PurePosixPath(path).suffix, "text")
        if content and not content.endswith("\n"):
            info += f" {_NO_NEWLINE}"
            content += "\n"
        fence = fence_for(content)
        parts.append(f"### `{path}`\n{fence}{info}\n{content}{fence}\n")
    return "\n".join(parts)


def extract(markdown: str) -> dict[str, str]:
    """The files of `markdown` by path; blocks without a usable path are passed over."""
    return read(markdown).files


def read(markdown: str, *, main: str = "", python: bool = False) -> Extraction:
    """The files of a model's reply, with what was refused and why.

    A path is taken from the heading, bold or backticked line before the fence, from the info string, or from a
    comment in the first line. `main` is where a reply's only block goes when it names no path; `python` allows tap.py.
    """
    found = Extraction()
    blocks = _blocks(markdown)
    nameless = []
    for block in blocks:
        if not block.closed:
            found.refused.append(f"line {block.line}: the block is not closed; the reply was cut")
            continue
        path = _path_of(block)
        if path and main and path == PurePosixPath(main).name:
            found.notes.append(f"line {block.line}: {path} taken as {main}")
            path = main
        reason = places.refusal(path, python=python) if path else "names no file"
        if reason:
            nameless.append((block, reason))
            continue
        path = places.normal(path)
        if path in found.files:
            found.notes.append(f"line {block.line}: {path} is given twice; the later block counts")
        found.files[path] = block.content
    if not found.files and main:
        only = _only(nameless, main)
        if only is not None:
            found.files[main] = only.content
            found.notes.append(f"line {only.line}: the block names no usable path; taken as {main}")
            nameless = [pair for pair in nameless if pair[0] is not only]
    found.refused += [f"line {block.line}: {reason}" for block, reason in nameless]
    return found


def _only(nameless: list[tuple[_Block, str]], main: str) -> _Block | None:
    wanted = _LANGUAGES.get(PurePosixPath(main).suffix, "")
    fitting = [block for block, _ in nameless if _language(block.info) == wanted]
    if len(fitting) == 1:
        return fitting[0]
    return nameless[0][0] if len(nameless) == 1 and not _language(nameless[0][0].info) else None


def _language(info: str) -> str:
    word = re.split(r"[\s:{=]", info.strip().lower(), maxsplit=1)[0]
    return _ALIASES.get(word, word)


def _blocks(markdown: str) -> list[_Block]:
    found: list[_Block] = []
    lines = markdown.split("\n")
    at, before = 0, ""
    while at < len(lines):
        opening = _FENCE.fullmatch(lines[at].rstrip("\r"))
        if opening is None or ("`" in opening["info"] and opening["fence"][0] == "`"):
            before = lines[at].strip() or before
            at += 1
            continue
        start, fence = at, opening["fence"]
        closing = re.compile(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t\r]*")
        at += 1
        while at < len(lines) and not closing.fullmatch(lines[at]):
            at += 1
        content = "".join(line + "\n" for line in lines[start + 1 : at])
        info = opening["info"].strip()
        if _NO_NEWLINE in info.split():
            content = content.removesuffix("\n")
        found.append(_Block(start + 1, info, content, before, at < len(lines)))
        before = ""
        at += 1
    return found


def _path_of(block: _Block) -> str:
    named = _in_line(block.before)
    if named:
        return named
    in_info = _PATH.search(re.sub(r"^[\w+-]*[:\s]", "", block.info, count=1))
    if in_info:
        return in_info[0]
    comment = _COMMENT.fullmatch(block.content.split("\n", 1)[0].rstrip("\r"))
    inside = _PATH.fullmatch(comment["rest"].strip("`*")) if comment else None
    return inside[0] if inside else ""


def _in_line(line: str) -> str:
    """The path a line names, when the line is a heading, bold, or little more than the path itself."""
    ticked = re.findall(r"`([^`\n]+)`", line)
    marked = line.startswith(("#", "**")) or bool(ticked) or line.rstrip(":").count(" ") <= 2
    if not marked:
        return ""
    for candidate in ticked:
        if places.looks_like_path(candidate):
            return candidate.strip()
    if ticked and not line.startswith(("#", "**")):
        return ""
    found = _PATH.search(re.sub(r"[*#`]", "", line))
    return found[0] if found else ""
