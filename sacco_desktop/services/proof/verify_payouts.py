"""Compares what left with what is posted: payouts, hand-overs, bank files, batches and payments that came late.

Each check is a question to the books whose every answer is a fault; it names the row in the office's words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, text

from sacco_desktop.db.tables import ApprovalRequest, BankFile, Entry, HandOver, Payout, PostingRow
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import MEMBER_DEPOSITS, MPESA_CHARGES_PAID
from sacco_desktop.domain.errors import BooksDamaged
from sacco_desktop.domain.payout_ways import ACCOUNT_OF_WAY, Outcome, Way
from sacco_desktop.domain.posting_rules import B2C_CHARGE, PAID_TWICE, PAYOUT_KINDS
from sacco_desktop.services.books.faults import Fault
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import approvals


# All that is put into a question comes from the tables of this program; nothing that a person typed does.
@dataclass(frozen=True, slots=True)
class _Check:
    """A question whose answers are faults: `what` is filled with the columns of each, the first of which is the
    number of the row that `row` names.
    """

    row: str
    what: str
    question: str


_KINDS = ", ".join(f"'{kind}'" for kind in sorted(PAYOUT_KINDS))
_DRAWN = " ".join(f"WHEN '{way.value}' THEN '{code}'" for way, code in ACCOUNT_OF_WAY.items())
_RECEIVER = (
    "CASE WHEN l.id IS NOT NULL THEN l.loan_control || '.' || l.number"
    " WHEN c.is_control THEN p.account_code || '.' || m.number ELSE p.account_code END"
)
_PAID = (
    "FROM payout p JOIN journal_entry e ON e.number = p.entry_number AND e.posted_at IS NOT NULL"
)
# What leaves the account: all of it but the part of a refund of deposits that never left them.
_TAKEN = (
    "p.mpesa_cents + p.handed_cents + p.recovered_cents + p.fee_cents"
    f" + CASE WHEN p.account_code = '{MEMBER_DEPOSITS}' THEN 0 ELSE p.deposits_cents END"
)

_CHECKS = (
    _Check(
        "Payout",
        "is booked as paid, but its entry {1} is not in the journal.",
        "SELECT p.number, p.entry_number FROM payout p LEFT JOIN journal_entry e"
        " ON e.number = p.entry_number AND e.posted_at IS NOT NULL"
        " WHERE p.status = 'paid' AND e.id IS NULL",
    ),
    _Check(
        "Payout",
        "is {1} and not paid, and yet entry {2} is named as its own.",
        "SELECT p.number, p.status, p.entry_number FROM payout p"
        " WHERE p.status <> 'paid' AND p.entry_number IS NOT NULL",
    ),
    _Check(
        "Payout",
        "is for another purpose than its entry {1} says.",
        f"SELECT p.number, e.number {_PAID} WHERE p.status = 'paid' AND e.kind <>"
        " CASE p.purpose WHEN 'loan' THEN 'loan_disbursement' WHEN 'dividend' THEN 'dividend_payment'"
        " ELSE p.purpose END",
    ),
    _Check(
        "Payout",
        "paid {2} cents, but its entry {1} draws {3}.",
        "SELECT p.number, e.number, p.mpesa_cents + p.handed_cents, coalesce(sum(q.credit_cents), 0)"
        f" {_PAID} LEFT JOIN (posting q JOIN account a ON a.id = q.account_id) ON q.entry_id = e.id"
        f" AND a.code = CASE p.way {_DRAWN} END WHERE p.status = 'paid'"
        " GROUP BY p.number, e.number, p.mpesa_cents, p.handed_cents"
        " HAVING coalesce(sum(q.credit_cents), 0) <> p.mpesa_cents + p.handed_cents",
    ),
    _Check(
        "Payout",
        "is not booked on the account of its receiver in entry {1}: {2} cents stand there, {3} should.",
        f"SELECT p.number, e.number, coalesce(sum(q.debit_cents), 0), {_TAKEN}"  # noqa: S608
        f" {_PAID} LEFT JOIN loan l ON l.id = p.loan_id LEFT JOIN member m ON m.id = p.member_id"
        " LEFT JOIN account c ON c.code = p.account_code"
        " LEFT JOIN (posting q JOIN account a ON a.id = q.account_id)"
        f" ON q.entry_id = e.id AND a.code = {_RECEIVER}"
        " WHERE p.status = 'paid' GROUP BY p.number, e.number, p.net_cents, p.mpesa_cents, p.handed_cents,"
        " p.recovered_cents, p.fee_cents, p.deposits_cents, p.account_code, l.id"
        f" HAVING (l.id IS NULL AND coalesce(sum(q.debit_cents), 0) <> {_TAKEN})"
        " OR (l.id IS NOT NULL AND coalesce(sum(q.debit_cents), 0) - p.net_cents NOT IN"
        " (0, (SELECT coalesce(sum(d.amount_cents), 0) FROM loan_deduction d WHERE d.loan_id = l.id)))",
    ),
    _Check(
        "Payout",
        "has receipt {2}, but its entry {1} says {3}.",
        f"SELECT p.number, e.number, coalesce(p.receipt, p.number), e.reference {_PAID}"
        f" WHERE p.status = 'paid' AND p.way = '{Way.MPESA.value}'"
        " AND e.reference <> coalesce(p.receipt, p.number)",
    ),
    _Check(
        "Payout",
        "should have {1} cents of M-Pesa's charge in the books, but {2} stand there.",
        "SELECT p.number, p.charge_cents, coalesce(sum(q.credit_cents), 0) FROM payout p"  # noqa: S608
        f" LEFT JOIN journal_entry e ON e.reference = p.receipt AND e.kind = '{B2C_CHARGE}'"
        " LEFT JOIN (posting q JOIN account a ON a.id = q.account_id)"
        f" ON q.entry_id = e.id AND a.code = '{MPESA_CHARGES_PAID}'"
        " WHERE p.status = 'paid' AND p.receipt IS NOT NULL GROUP BY p.number, p.charge_cents"
        " HAVING coalesce(sum(q.credit_cents), 0) <> p.charge_cents",
    ),
    _Check(
        "Payout",
        "is paid by M-Pesa, but {1} of its requests are booked as paid.",
        "SELECT p.number, count(t.id) FROM payout p LEFT JOIN payout_attempt t"
        " ON t.payout_id = p.id AND t.status = 'paid'"
        " WHERE p.status = 'paid' AND p.mpesa_cents > 0 GROUP BY p.number HAVING count(t.id) <> 1",
    ),
    _Check(
        "Payout",
        "is {1}, and yet a request of it is booked as paid.",
        "SELECT p.number, p.status FROM payout_attempt t JOIN payout p ON p.id = t.payout_id"
        " WHERE t.status = 'paid' AND p.status <> 'paid'",
    ),
    _Check(
        "Entry",
        "pays money out, but no payout names it as its own.",
        f"SELECT e.number FROM journal_entry e WHERE e.kind IN ({_KINDS}) AND e.posted_at IS NOT NULL"  # noqa: S608
        " AND e.reverses_number IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM payout p WHERE p.entry_number = e.number AND p.status = 'paid')"
        " AND NOT EXISTS (SELECT 1 FROM hand_over h WHERE h.paid_entry = e.number"
        " AND h.return_entry IS NOT NULL)",
    ),
    _Check(
        "Payout",
        "is paid by hand, but no hand-over of it is booked by its entry {1}.",
        "SELECT p.number, p.entry_number FROM payout p WHERE p.status = 'paid' AND p.handed_cents > 0"
        " AND NOT EXISTS (SELECT 1 FROM hand_over h WHERE h.payout_id = p.id AND h.outcome = 'paid'"
        " AND h.paid_entry = p.entry_number AND h.way = p.way)",
    ),
    _Check(
        "Payout",
        "is {1}, and yet hand-over {2} of it is booked as paid.",
        "SELECT p.number, p.status, h.number FROM hand_over h JOIN payout p ON p.id = h.payout_id"
        " WHERE h.outcome = 'paid' AND p.status <> 'paid'",
    ),
    _Check(
        "Payout",
        "came back, but entry {1} that booked it is not undone by entry {2}.",
        "SELECT p.number, h.paid_entry, h.return_entry FROM hand_over h"
        " JOIN payout p ON p.id = h.payout_id LEFT JOIN journal_entry e ON e.number = h.return_entry"
        " AND e.posted_at IS NOT NULL AND e.reverses_number = h.paid_entry"
        " WHERE h.return_entry IS NOT NULL AND e.id IS NULL",
    ),
    _Check(
        "Bank file",
        "says {1} payments of {2} cents, but {3} of {4} are in the books.",
        "SELECT f.number, f.payments, f.total_cents, count(h.id), coalesce(sum(p.handed_cents), 0)"
        " FROM bank_file f LEFT JOIN hand_over h ON h.bank_file_id = f.id"
        " LEFT JOIN payout p ON p.id = h.payout_id GROUP BY f.number, f.payments, f.total_cents"
        " HAVING f.payments <> count(h.id) OR f.total_cents <> coalesce(sum(p.handed_cents), 0)",
    ),
    _Check(
        "Batch",
        "says {1} payouts of {2} cents, but {3} of {4} stand in it.",
        "SELECT b.number, b.payouts, b.sum_cents, count(n.id), coalesce(sum(n.amount_cents), 0)"
        " FROM payout_batch b LEFT JOIN batch_line n ON n.batch_id = b.id"
        " GROUP BY b.number, b.payouts, b.sum_cents"
        " HAVING b.payouts <> count(n.id) OR b.sum_cents <> coalesce(sum(n.amount_cents), 0)",
    ),
    _Check(
        "Batch",
        "holds {1} with {2} cents, but that payout pays {3}.",
        "SELECT b.number, p.number, n.amount_cents, p.mpesa_cents FROM batch_line n"
        " JOIN payout_batch b ON b.id = n.batch_id JOIN payout p ON p.id = n.payout_id"
        " WHERE n.amount_cents <> p.mpesa_cents",
    ),
    _Check(
        "Loan",
        "is active, but {1} cents of its payouts are paid and {2} were agreed.",
        "SELECT l.number, coalesce(sum(p.net_cents), 0), l.net_cents FROM loan l"
        " LEFT JOIN payout p ON p.loan_id = l.id AND p.status = 'paid'"
        " WHERE l.status = 'active' AND l.import_id IS NULL"
        " GROUP BY l.number, l.net_cents HAVING coalesce(sum(p.net_cents), 0) <> l.net_cents",
    ),
)


def payout_faults(work: Work) -> Iterator[Fault]:
    """Everything that does not fit between what left and what is posted."""
    for check in _CHECKS:
        for row in work.session.execute(text(check.question)):
            yield Fault(f"{check.row} {row[0]}", check.what.format(*row))
    yield from _paper_faults(work)
    yield from _file_faults(work)
    yield from _late_faults(work)


def _paper_faults(work: Work) -> Iterator[Fault]:
    """The number on paper of each payment by hand is that of its entry; a bank's own is sealed on a server."""
    rows = work.session.execute(
        select(Payout.number, HandOver, Entry.reference)
        .join(Payout, Payout.id == HandOver.payout_id)
        .join(Entry, Entry.number == HandOver.paid_entry)
        .where(HandOver.outcome == Outcome.PAID.value)
        .order_by(HandOver.id)
    )
    for number, handed, reference in rows:
        known_as = handed.proof if handed.way == Way.BANK.value else handed.reference
        if known_as != reference:
            yield Fault(
                f"Payout {number}",
                f"is known as {known_as} on paper, but its entry {handed.paid_entry} says {reference}.",
            )


def _file_faults(work: Work) -> Iterator[Fault]:
    for number, digest, content in work.session.execute(
        select(BankFile.number, BankFile.sha256, BankFile.content).order_by(BankFile.id)
    ):
        if hashlib.sha256(content.encode()).hexdigest() != digest:
            yield Fault(f"Bank file {number}", "is not the file that was made.")


def _late_faults(work: Work) -> Iterator[Fault]:
    """What two people booked as owed, and nothing else, stands in the books as paid twice."""
    booked: dict[str, list[tuple[int, int]]] = {}
    for number, reference, cents in work.session.execute(
        select(Entry.number, Entry.reference, PostingRow.debit_cents)
        .join(PostingRow, PostingRow.entry_id == Entry.id)
        .where(Entry.kind == PAID_TWICE, PostingRow.debit_cents > 0)
        .order_by(Entry.number)
    ):
        booked.setdefault(reference, []).append((number, cents))
    for request in work.session.scalars(
        select(ApprovalRequest)
        .where(
            ApprovalRequest.kind == ApprovalKind.PAID_TWICE.value,
            ApprovalRequest.status == "approved",
        )
        .order_by(ApprovalRequest.id)
    ):
        content = approvals.content_of(request)
        found = booked.pop(str(content["receipt"]), [])
        if [cents for _number, cents in found] != [content["amount_cents"]]:
            yield Fault(
                f"Payout {content['payout']}",
                f"was found to be paid twice by {content['receipt']}, but its {content['amount_cents']} cents are not"
                " booked once as owed.",
            )
    for entries in booked.values():
        for number, _cents in entries:
            yield Fault(f"Entry {number}", "books a second payment that no two people agreed on.")


def readable(work: Work) -> Iterator[Fault]:
    """The faults, and one more when personal text in these rows cannot be opened."""
    try:
        yield from payout_faults(work)
    except BooksDamaged as damage:
        yield Fault("The payouts", f"cannot be read to the end: {damage.message}")
