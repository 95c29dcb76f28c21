"""What a request to take old books in shows: the file, how many rows, and the sums beside those of the old book."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.old_books.plan import KIND_WORDS, BookKind


def lines(content: Content) -> list[tuple[str, str]]:
    """The lines of the panel, each a name and what it says."""
    told = [
        ("File", str(content["file"])),
        ("Holds", KIND_WORDS[BookKind(str(content["kind"]))]),
        ("Balances of", format_date(date.fromisoformat(str(content["as_of"])))),
        ("Rows taken", f"{int(str(content['ready'])):,}"),
        ("Already there", f"{int(str(content['already'])):,}"),
        ("Left out", f"{int(str(content['left_out'])):,}, because of problems"),
    ]
    totals = content["totals"]
    assert isinstance(totals, list), "a request for an import lists its sums"
    for name, ours, old, difference in totals:
        told.append((str(name), format_kes(int(ours))))
        if int(difference):
            told.append(
                (
                    "Old book says",
                    f"{format_kes(int(old))}, differs by {format_kes(int(difference))}",
                )
            )
        else:
            told.append(("Old book says", "the same"))
    if content["explanation"]:
        told.append(("Explanation", str(content["explanation"])))
    return [*told, ("Fingerprint", str(content["file_fingerprint"])[:16])]
