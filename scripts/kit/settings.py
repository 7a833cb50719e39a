"""settings.toml and what overrides it: the repo's own file, the environment, flags; in that order."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.errors import Failure

TOOLKIT = Path(__file__).resolve().parents[2]
REPO_FILE = ".claude/task-coordinator.toml"


class Settings:
    """Values by dotted name, such as `settings["limits.max_rounds"]`; an unknown name is a bug and raises KeyError.

    The toolkit's settings.toml defines every name, its type and its default. An override with an unknown
    name or another type raises `Failure`. The environment overrides by the name in upper case behind TC_
    (`TC_MODELS_THREAD=false`); switches and limits also by their last part alone (`MODEL=...`,
    `MAX_ROUNDS=2`). Free-form tables (`prices`) take any name.
    """

    FREE = ("prices",)
    BARE = ("switches.", "limits.", "models.max_tokens")

    def __init__(self, values: dict[str, Any], sources: dict[str, str]) -> None:
        self._values = values
        self.sources = sources

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def table(self, prefix: str) -> dict[str, Any]:
        """All values below `prefix.`, by the rest of their name."""
        start = prefix + "."
        return {name[len(start) :]: value for name, value in self._values.items() if name.startswith(start)}

    @classmethod
    def load(
        cls,
        repo: Path | None = None,
        *,
        repo_text: str | None = None,
        environ: Mapping[str, str] | None = None,
        flags: Mapping[str, Any] | None = None,
    ) -> Settings:
        """Read and merge. `repo_text` replaces the repo's file (gates pass the one of the base commit)."""
        environ = os.environ if environ is None else environ
        default = TOOLKIT / "settings.toml"
        values = _flatten(_parse(default.read_text(encoding="utf-8"), str(default)))
        sources = dict.fromkeys(values, "settings.toml")
        settings = cls(values, sources)
        own = repo / REPO_FILE if repo else None
        if repo_text is None and own is not None and own.is_file():
            repo_text = own.read_text(encoding="utf-8")
        if repo_text is not None:
            for name, value in _flatten(_parse(repo_text, REPO_FILE)).items():
                settings._override(name, value, REPO_FILE)
        by_variable = {"TC_" + name.replace(".", "_").upper(): name for name in values}
        by_variable |= {name.rpartition(".")[2].upper(): name for name in values if name.startswith(cls.BARE)}
        for variable, name in by_variable.items():
            if environ.get(variable):
                settings._override(name, _convert(environ[variable], values[name], variable), f"${variable}")
        for name, value in (flags or {}).items():
            if value is not None:
                settings._override(name, value, "flag")
        return settings

    def _override(self, name: str, value: Any, source: str) -> None:
        free = any(name.startswith(table + ".") for table in self.FREE)
        if not free:
            if name not in self._values:
                raise Failure(f"{source}: unknown setting {name}", hint=f"the names are in {TOOLKIT / 'settings.toml'}")
            wanted = type(self._values[name])
            if wanted is float and type(value) is int:
                value = float(value)
            if type(value) is not wanted:
                raise Failure(f"{source}: {name} = {value!r}: wanted {wanted.__name__}")
        self._values[name] = value
        self.sources[name] = source


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Failure(f"{where}: not valid TOML: {error}") from error


def _flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat |= _flatten(value, name + ".")
        else:
            flat[name] = value
    return flat


def _convert(text: str, like: Any, variable: str) -> Any:
    if isinstance(like, bool):
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise Failure(f"${variable} = {text!r}: wanted true or false")
    if isinstance(like, int | float):
        try:
            return type(like)(text)
        except ValueError as error:
            raise Failure(f"${variable} = {text!r}: wanted a number") from error
    if isinstance(like, list):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text
