"""Install the tools that live in virtual environments of their own: the security scanner.

Example:
    python scripts/setup_tools.py
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from kit import cli
from kit.ladder import scanner


@cli.script
def main(argv: Sequence[str] | None = None) -> int:
    """Install what is missing and print where it is."""
    args = cli.parser(__doc__, "setup_tools.py").parse_args(argv)
    path = scanner.ensure()
    print(json.dumps({"checkov": str(path)}) if args.json else path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
