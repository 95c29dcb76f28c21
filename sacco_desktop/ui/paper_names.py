"""File names of papers: `M-0001_JANE-WANJIKU_Receipt_RC-2026-0006.pdf`."""

from __future__ import annotations

import re

_NOT_IN_A_NAME = re.compile(r"[^\w-]+")
_LONGEST_PART = 60


def paper_name(*parts: str) -> str:
    """Joins the parts. Whatever a disk may refuse in a name becomes a hyphen."""
    plain = [_NOT_IN_A_NAME.sub("-", part).strip("-")[:_LONGEST_PART] for part in parts]
    return "_".join(part for part in plain if part) + ".pdf"
