"""Posts many entries in one transaction with a few statements for all of them; each is numbered, chained and guarded
as one that is posted by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, pairwise

from sqlalchemy import bindparam, select, update

from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.standing import Change, Lookup
from sacco_desktop.db.tables import Entry, PostingRow
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.ledger import JournalEntry, assert_balanced, entry_hash
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Topic, Work

_ENTRIES = ManyRows(
    Entry,
    ("number", "value_date", "kind", "narration", "reference", "reverses_number", "previous_hash"),
    same=("posted_by",),
)
_IDS = Lookup(
    select(Entry.id)
    .where(Entry.number >= bindparam("first"), Entry.number <= bindparam("last"))
    .order_by(Entry.number)
)
_POSTINGS = ManyRows(
    PostingRow, ("entry_id", "line", "account_id", "debit_cents", "credit_cents", "memo")
)
_POST = Change(
    update(Entry)
    .where(Entry.id == bindparam("entry"))
    .values(posted_at=bindparam("moment"), hash=bindparam("digest"))
)


def post(work: Work, entries: Sequence[JournalEntry]) -> list[int]:
    """Post balanced entries in their order; returns their numbers. Raises as `ledger.post`, and then none is posted."""
    if not entries:
        return []
    accounts = _accounts(work, entries)
    last, last_hash = ledger.head(work)
    text = work.now.isoformat(timespec="microseconds")
    hashes = [last_hash]
    for number, entry in enumerate(entries, last + 1):
        assert_balanced(entry)
        hashes.append(entry_hash(hashes[-1], number, text, work.actor.user_id, entry))
    numbers = range(last + 1, last + 1 + len(entries))
    _ENTRIES.write(
        work.session,
        (
            (number, one.value_date, one.kind, one.narration, one.reference, one.reverses, before)
            for number, one, before in zip(numbers, entries, hashes, strict=False)
        ),
        (work.actor.user_id,),
    )
    ids = [row_id for (row_id,) in _IDS.rows(work.session, first=numbers[0], last=numbers[-1])]
    _POSTINGS.write(
        work.session,
        (
            (row_id, place, accounts[line.account_code], *line[1:])
            for row_id, entry in zip(ids, entries, strict=True)
            for place, line in zip(count(1), entry.postings, strict=False)
        ),
    )
    _POST.make_many(
        work.session,
        [
            {"entry": row_id, "moment": work.now, "digest": digest}
            for row_id, (_before, digest) in zip(ids, pairwise(hashes), strict=True)
        ],
    )
    work.changed(Topic.LEDGER)
    return list(numbers)


def _accounts(work: Work, entries: Sequence[JournalEntry]) -> dict[str, int]:
    codes = sorted({line.account_code for entry in entries for line in entry.postings})
    found = ledger.account_ids(work, codes)
    missing = [code for code in codes if code not in found]
    if missing:
        raise NotFound(f"There is no account {missing[0]} in the chart. Nothing was posted.")
    return found
