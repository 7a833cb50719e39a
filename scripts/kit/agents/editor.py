"""The file editor of agents: it runs in this process, so it trusts no path."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.agents import places
from kit.agents.faults import Refused
from kit.agents.tools import Tool
from kit.errors import Failure

NAME = "str_replace_based_edit_tool"
_SHOWN = 60_000  # characters of a file shown at once
_LISTED = 500


class Editor:
    """View, create and edit files of `root`. `refusal(path)` says why a path may not be written, "" when it may."""

    def __init__(self, root: Path, refusal: Callable[[str], str]) -> None:
        self.root, self.refusal = root, refusal

    def tool(self) -> Tool:
        """The editor as a tool."""
        return Tool({"type": "text_editor_20250728", "name": NAME}, self.work, _SCHEMA)

    def work(self, given: dict[str, Any]) -> str:
        """Do one command. Raises `Refused` with the reason; the file is then as it was."""
        path = self._path(given["path"])
        try:
            match given["command"]:
                case "view":
                    return self._view(path, given.get("view_range"))
                case "create":
                    return self._create(path, self._wanted(given, "file_text"))
                case "str_replace":
                    return self._replace(path, self._wanted(given, "old_str"), given.get("new_str", ""))
                case _:
                    if "insert_line" not in given:
                        raise Refused("insert: insert_line is wanted; nothing was changed")
                    text = given.get("insert_text", given.get("new_str"))
                    if text is None:
                        raise Refused("insert: insert_text is wanted; nothing was changed")
                    return self._insert(path, given["insert_line"], text)
        except Failure as failure:
            raise Refused(str(failure)) from failure

    def _path(self, given: str) -> str:
        # Models like to give the whole path of a file they have seen in the shell.
        root = str(self.root)
        if given == root or given in (".", "./", "/"):
            return ""
        if given.startswith(root + os.sep):
            given = given[len(root) + 1 :]
        try:
            path = places.normal(given.rstrip("/") or given)
        except Failure as failure:
            raise Refused(f"{failure}; paths are relative to the project's root") from failure
        if set(path.split("/")) & set(places.SECRETS):
            raise Refused(f"{path}: credentials are nobody's to read or write here")
        return path

    @staticmethod
    def _wanted(given: dict[str, Any], name: str) -> str:
        if name not in given:
            raise Refused(f"{given['command']}: {name} is wanted; nothing was changed")
        return str(given[name])

    def _view(self, path: str, lines: list[int] | None) -> str:
        if not path or self._is_folder(path):
            found = places.files_below(self.root, path)
            more = f"\n... and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
            return "\n".join(found[:_LISTED]) + more or "(no files)"
        text = self._text(path)
        rows = text.split("\n")
        first, last = 1, len(rows)
        if lines:
            first, last = lines[0], len(rows) if lines[1] == -1 else lines[1]
            if not 1 <= first <= last <= len(rows):
                raise Refused(f"{path}: has {len(rows)} lines, view_range {lines} is outside")
        shown = "\n".join(f"{number:6}\t{rows[number - 1]}" for number in range(first, last + 1))
        if len(shown) > _SHOWN:
            return shown[:_SHOWN] + f"\n... cut here; use view_range to read on ({len(rows)} lines in all)"
        return shown

    def _is_folder(self, path: str) -> bool:
        at = self.root
        for part in path.split("/"):
            at = at / part
            if at.is_symlink():
                raise Refused(f"{path}: a part of it is a link; links are not followed")
        return at.is_dir()

    def _create(self, path: str, text: str) -> str:
        self._write(path, text)
        return f"{path}: written, {text.count(chr(10)) + 1} lines"

    def _replace(self, path: str, old: str, new: str) -> str:
        if not old:
            raise Refused("str_replace: old_str is empty; nothing was changed")
        text = self._text(path)
        count = text.count(old)
        if count != 1:
            raise Refused(f"{path}: old_str occurs {count} times; it must occur exactly once; nothing was changed")
        self._write(path, text.replace(old, new))
        line = text[: text.index(old)].count("\n") + 1
        return f"{path}: replaced at line {line}"

    def _insert(self, path: str, line: int, new: str) -> str:
        rows = self._text(path).split("\n")
        if not 0 <= line <= len(rows):
            raise Refused(f"{path}: insert_line {line} is outside 0..{len(rows)}; nothing was changed")
        self._write(path, "\n".join([*rows[:line], *new.removesuffix("\n").split("\n"), *rows[line:]]))
        return f"{path}: inserted after line {line}"

    def _text(self, path: str) -> str:
        try:
            return places.read(self.root, path).decode()
        except UnicodeDecodeError as error:
            raise Refused(f"{path}: is not text (byte {error.start})") from error

    def _write(self, path: str, text: str) -> None:
        reason = self.refusal(path) if path else "the project's root is no file"
        if reason:
            raise Refused(f"{reason}; nothing was changed")
        places.write(self.root, path, text.encode("utf-8", "replace"))


_SCHEMA = {
    "type": "object",
    "properties": {
        "command": {"type": "string", "enum": ["view", "create", "str_replace", "insert"]},
        "path": {"type": "string"},
        "file_text": {"type": "string"},
        "old_str": {"type": "string"},
        "new_str": {"type": "string"},
        "insert_line": {"type": "integer"},
        "insert_text": {"type": "string"},
        "view_range": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    },
    "required": ["command", "path"],
}
