"""A small file beside the data folder that remembers how far the relay once was.

If the folder is put back from a copy, the file still knows better, and the relay begins a new epoch
instead of giving old numbers to new entries.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HighWater:
    """The count of commits and the highest epoch number ever reached."""

    commits: int = 0
    epoch: int = 1

    @classmethod
    def read(cls, path: Path) -> HighWater:
        """What the file says; a missing or torn file says nothing."""
        try:
            message = json.loads(path.read_bytes())
            return cls(int(message["commits"]), int(message["epoch"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def write(self, path: Path) -> None:
        """Replace the file in one step. It follows the commits, never leads them."""
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps({"commits": self.commits, "epoch": self.epoch}))
        os.replace(part, path)
