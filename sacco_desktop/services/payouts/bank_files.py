"""The file of transfers for the bank: made once for each payout, kept whole, and saved again as the same file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sacco_desktop.db.tables import BankFile
from sacco_desktop.domain.bank_file import Transfer, bank_file_text, plain
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput, NotFound, WrongState
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import users
from sacco_desktop.services.payouts import hand_overs
from sacco_desktop.services.payouts.payout_moves import load_payout
from sacco_desktop.services.payouts.payout_postings import narration_of

_MOST_PAYMENTS = 1000


@dataclass(frozen=True, slots=True)
class NewBankFile:
    """Make one file of these approved payouts. `key` is made when the dialog opens."""

    key: str
    payout_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SavedBankFile:
    """A file as it is saved: its bytes and their SHA-256, how many payments, and their sum in cents."""

    bank_file_id: int
    number: str
    made_by: str
    made_at: datetime
    payments: int
    total_cents: int
    sha256: str
    content: bytes

    @property
    def file_name(self) -> str:
        """`BF-2026-0001.csv`."""
        return f"{self.number}.csv"


def make(work: Work, new: NewBankFile) -> SavedBankFile:
    """Write the file; its payouts are in flight from now on, and in no second file. Raises WrongState, SamePerson,
    InsufficientFloat, InvalidInput for none or too many.
    """
    work.allow(Act.SEND_PAYOUT)
    answer = commands.once(work, new.key, "bank file", new, lambda: _make(work, new))
    return read(work, int(answer["bank_file_id"]))


def _make(work: Work, new: NewBankFile) -> dict[str, Any]:
    ids = tuple(dict.fromkeys(new.payout_ids))
    if not 0 < len(ids) <= _MOST_PAYMENTS:
        raise InvalidInput(f"Choose 1 to {_MOST_PAYMENTS:,} payouts by bank.", "payouts")
    payouts = [load_payout(work, payout_id) for payout_id in ids]
    transfers = []
    for payout in payouts:
        if payout.way != Way.BANK.value:
            raise WrongState(f"{payout.number} is not paid by bank. No file was made.")
        hand_overs.check_ready(work, payout)
        if not plain(payout.payee):
            raise WrongState(f"The bank cannot read the name on {payout.number}. No file was made.")
        transfers.append(
            Transfer(
                payout.payee,
                payout.bank_code,
                payout.branch_code,
                payout.account_number,
                payout.handed_cents,
                payout.number,
                narration_of(work, payout),
            )
        )
    total = sum(payout.handed_cents for payout in payouts)
    hand_overs.check_bank(work, total)
    content = bank_file_text(transfers)
    year = work.today.year
    row = BankFile(
        number=f"BF-{year}-{numbering.next_in(work, f'bank file/{year}'):04d}",
        made_by=work.actor.user_id,
        made_at=work.now,
        payments=len(payouts),
        total_cents=total,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        content=content,
    )
    work.session.add(row)
    work.session.flush()
    for payout in payouts:
        hand_overs.begin(work, payout, reference=row.number, bank_file_id=row.id)
    detail: audit.Detail = {"payments": row.payments, "cents": total, "sha256": row.sha256}
    audit.record(work, "made a bank file", row.number, detail)
    work.changed(Topic.PAYOUTS)
    return {"bank_file_id": row.id}


def read(work: Work, bank_file_id: int) -> SavedBankFile:
    """The file as it was made. Raises NotFound, and BooksDamaged when it is not what was written."""
    work.allow(Act.SEND_PAYOUT)
    row = work.session.get(BankFile, bank_file_id)
    if row is None:
        raise NotFound("There is no such bank file.")
    content = row.content.encode()
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise BooksDamaged(
            f"{row.number} is not the file that was made. Do not give it to the bank."
        )
    return SavedBankFile(
        row.id,
        row.number,
        users.full_name_of(work, row.made_by),
        row.made_at,
        row.payments,
        row.total_cents,
        row.sha256,
        content,
    )
