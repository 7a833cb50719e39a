"""Jinja2 with StrictUndefined: a missing variable is an error, never a hole in a prompt or a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.errors import Failure
from kit.settings import TOOLKIT


def template(folder: str, name: str, /, **values: Any) -> str:
    """Render `folder/name` of the toolkit (`prompts` or `templates`) with `values`.

    Raises `Failure` naming the template and the line when it asks for a value that was not given.
    """
    import jinja2

    loader = jinja2.FileSystemLoader(TOOLKIT / folder)
    made = jinja2.Environment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Jinja's own tojson escapes for HTML, which a JSON file does not want.
    made.filters["tojson"] = _json
    try:
        return made.get_template(name).render(**values)
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", None)
        place = Path(folder) / name
        raise Failure(f"{place}{f' line {line}' if line else ''}: {error}") from error


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
