"""Where the money of the model calls went: by task, agent, round and model, with the share of the prompt that came
from the cache.

Reads .runs/spend.jsonl of the repository, to which every call adds a line.

Examples:
    python scripts/cost.py
    python scripts/cost.py --by model
    python scripts/cost.py --task 277 --json
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kit import cli, say
from kit.agents.budget import LEDGER, read_ledger
from kit.errors import Failure
from kit.redact import redact

KINDS = ("input", "cache_write", "cache_read", "output")
GROUPS = {"agent": ["task", "agent"], "task": ["task"], "round": ["task", "round", "agent"], "model": ["model"]}


def table(entries: list[dict[str, Any]], keys: list[str]) -> list[dict[str, Any]]:
    """One row per group of `keys`, the dearest first: calls, unread, tokens by kind, cached (share of the prompt), usd."""
    import pandas as pd

    frame = pd.DataFrame(entries)
    frame["unread"] = ~frame["parsed"].astype(bool)
    sums = frame.groupby(keys, sort=False).agg(
        calls=("usd", "size"), unread=("unread", "sum"), **{kind: (kind, "sum") for kind in KINDS}, usd=("usd", "sum")
    )
    prompt = sums["input"] + sums["cache_write"] + sums["cache_read"]
    sums.insert(len(sums.columns) - 1, "cached", (sums["cache_read"] / prompt.where(prompt > 0)).fillna(0.0))
    rows = sums.sort_values(["usd", "calls"], ascending=False).reset_index()
    return [dict(row) for row in json.loads(rows.to_json(orient="records"))]


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; its last line is the sum."""
    parser = cli.parser(__doc__, "cost.py")
    parser.add_argument("--task", help="only this task")
    parser.add_argument("--by", choices=sorted(GROUPS), default="agent", help="what a line stands for (default: agent)")
    args = parser.parse_args(argv)
    path = cli.find_repo(args.repo) / ".runs" / LEDGER
    entries = [_complete(entry, path) for entry in read_ledger(path) if args.task in (None, entry["task"])]
    if not entries:
        say.same(f"{path}: no model calls yet")
        print("[]" if args.json else "", end="\n" if args.json else "")
        return 0
    rows = table(entries, GROUPS[args.by])
    total = table([entry | {"all": "all"} for entry in entries], ["all"])[0]
    if args.json:
        print(json.dumps({"rows": rows, "total": total}, ensure_ascii=False))
        return 0
    keys = GROUPS[args.by]
    head = [*keys, "calls", *KINDS, "cached", "usd"]
    body = [_cells(row, keys) for row in rows] + [_cells(total | dict.fromkeys(keys, "") | {keys[0]: "all"}, keys)]
    widths = [max(len(line[at]) for line in [head, *body]) for at in range(len(head))]
    for line in [head, *body]:
        print(
            "  ".join(
                cell.ljust(width) if at < len(keys) else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
        )
    if total["unread"]:
        say.warn(f"{total['unread']} answers were paid for and could not be read; their cost is in the sums")
    return 0


def _cells(row: dict[str, Any], keys: list[str]) -> list[str]:
    names = [redact(str(row[key])) for key in keys]
    numbers = [f"{row[kind]:,}" for kind in ("calls", *KINDS)]
    return [*names, *numbers, f"{row['cached']:.0%}", f"{row['usd']:.4f}"]


def _complete(entry: dict[str, Any], path: Any) -> dict[str, Any]:
    missing = [name for name in ("agent", "round", "model", "parsed", *KINDS) if name not in entry]
    if missing:
        raise Failure(
            f"{path}: an entry of task {entry['task']} lacks {', '.join(missing)}", hint=f"remove that line of {path}"
        )
    return entry


if __name__ == "__main__":
    raise SystemExit(main())
