"""The local forge: a pull request is a Markdown file and a record beside the bare origin."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from kit import files
from kit.errors import Failure
from kit.forge import PullRequest


class Local:
    """Keeps `<branch>.md` and `<branch>.json` in `<origin>.pulls/`, or in `.runs/pulls/` when origin is no folder."""

    name = "local"

    def __init__(self, repo: Path, origin: str) -> None:
        place = Path(origin.removeprefix("file://"))
        if not place.is_absolute():
            place = repo / place
        self.folder = place.with_name(place.name + ".pulls") if origin and place.is_dir() else repo / ".runs" / "pulls"

    def find(self, branch: str) -> PullRequest | None:
        """The pull request of `branch`; one file a branch, so there is never a second."""
        path = self.folder / f"{branch}.json"
        if not path.exists():
            return None
        record = files.read_json(path, remedy=f"remove {path} and open the pull request again: make pr")
        try:
            return PullRequest(self.name, record["url"], record["branch"], record["head"])
        except (KeyError, TypeError) as error:
            raise Failure(
                f"{path}: no record of a pull request: {record!r:.200}", hint=f"remove {path}, then make pr"
            ) from error

    def ensure(self, branch: str, base: str, title: str, body: str, head: str) -> PullRequest:
        """Write the body, then the record that makes it count."""
        page = self.folder / f"{branch}.md"
        files.replace(page, f"# {title}\n\n`{branch}` into `{base}` at `{head}`\n\n{body}")
        request = PullRequest(self.name, str(page), branch, head)
        files.write_json(self.folder / f"{branch}.json", asdict(request) | {"base": base, "title": title})
        return request
