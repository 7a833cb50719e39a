"""The code of a function, put together from the events it is handed and the resources it uses."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from kit.rehearsal.blueprints import shared

if TYPE_CHECKING:
    from kit.rehearsal.stack import Instance


def write(runtime: str, sources: list[str], used: list[tuple[Instance, str]], origins: set[str]) -> str:
    """The text of the handler in the language of `runtime`.

    `used` pairs what it uses with the variable that names it; `origins` are the ids of those whose events start it, which
    it must not write to.
    """
    language = shared("code")["nodejs" if runtime.startswith("node") else "python"]
    clients: list[str] = []
    acts: list[str] = []
    for other, variable in used:
        piece = language["acts"].get(other.service)
        if piece is None:
            continue
        name = variable.lower()
        known = {"VAR": variable, "var": name, **{key: str(value) for key, value in other.tokens.items()}}
        client = _put(piece["client"], known)
        if client not in clients:
            clients.append(client)
        sort = _put(piece.get("sort", ""), known) if known.get("sort") else ""
        act = piece["origin"] if other.main in origins else piece["act"]
        acts.append(_put(act, known).replace("[sort]\n", sort and sort + "\n"))
    read = [language["sources"][source] for source in dict.fromkeys(sources) if source in language["sources"]]
    indent = " " * (2 if language is shared("code")["nodejs"] else 4)
    text: str = language["frame"]
    text = text.replace("[clients]", "\n".join(clients))
    text = text.replace("[read]\n", textwrap.indent("".join(read), indent))
    text = text.replace("[acts]\n", textwrap.indent("".join(acts), indent))
    text = _without_unused(text)
    text = re.sub(r"\n[ \t]+\n", "\n", text)
    return re.sub(r"[ \t]+\n", "\n", text).replace("\n\n\n\n", "\n\n\n")


def _without_unused(text: str) -> str:
    """The text without imports, and without the one variable of its frame, that nothing in it uses."""
    for line, sign in (
        ("from urllib.parse import unquote_plus\n", "unquote_plus("),
        *((f"import {one}\n", f"{one}.") for one in ("os", "time", "boto3")),
    ):
        if sign not in text:
            text = text.replace(f"\n{line}", "\n", 1)
    if len(re.findall(r"\brecords\b", text)) == 1:
        text = text.replace('    records = event.get("Records", [])\n', "")
    return text.replace("import uuid\n\n\n", "import uuid\n\n")


def _put(text: str, known: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda match: known.get(match[1], match[0]), text)
