"""`python -m callback_relay`: the relay's command line."""

from __future__ import annotations

import sys

from callback_relay.command_line import run


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
