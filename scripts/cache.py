"""Show the cache of installed dependencies, or empty it.

Example:
    python scripts/cache.py --prune --days 14
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from kit import cli, say
from kit.ladder import cache


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Print one line an entry, or what was removed."""
    parser = cli.parser(__doc__, "cache.py")
    parser.add_argument("--prune", action="store_true", help="remove entries that nobody is using")
    parser.add_argument("--days", type=float, default=0.0, help="with --prune: only those not used for so many days")
    args = parser.parse_args(argv)
    if args.prune:
        removed = cache.prune(args.days)
        say.done(f"removed {len(removed)} entries")
        print(json.dumps(removed) if args.json else "\n".join(removed))
        return 0
    found = cache.entries()
    if args.json:
        print(json.dumps([asdict(one) for one in found]))
        return 0
    for one in found:
        print(f"{one.bytes / 1e6:8.1f} MB  {one.files:6d} files  last used {one.used}  {one.name}")
    print(f"{sum(one.bytes for one in found) / 1e6:8.1f} MB  in {cache.root()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
