"""Takes an approved import in: members, loans, their accounts and one opening entry, all in the one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from sacco_desktop.db.standing import Change
from sacco_desktop.db.tables import Account, BookImport, Counter, Loan, LoanInstalment, Member
from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.chart import MEMBER_DEPOSITS, SHARE_CAPITAL, sub_account_code
from sacco_desktop.domain.errors import ChangedMeanwhile
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.old_books.lines import AccountLine, BalanceLine, LoanLine, MemberLine
from sacco_desktop.domain.old_books.remaining import remaining_schedule
from sacco_desktop.domain.opening_entries import opening_entry
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.domain.schedule import make_schedule
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.loan_figures import loan_terms
from sacco_desktop.services.old_books import packing, taking_past
from sacco_desktop.services.old_books.asking import back_to_draft
from sacco_desktop.services.old_books.drafts import load
from sacco_desktop.services.old_books.known import has_changed
from sacco_desktop.services.old_books.loan_lines import terms_of_line

_MEMBER_COLUMNS = (
    "number", "first_name", "other_names", "last_name", "national_id", "phone", "phone_changed_at", "status",
    "joined_on", "registered_by", "import_id", "version", "kind",
)  # fmt: skip
_ACCOUNT_COLUMNS = ("code", "name", "type", "is_control", "control_id")
# A statement that stands ready takes a tenth of the time of one that is put together for each row.
_MEMBERS = Change(insert(Member).values({name: bindparam(name) for name in _MEMBER_COLUMNS}))
_ACCOUNTS = Change(insert(Account).values({name: bindparam(name) for name in _ACCOUNT_COLUMNS}))
_LOANS = insert(Loan.__table__)  # type: ignore[arg-type]
_INSTALMENTS = insert(LoanInstalment.__table__)  # type: ignore[arg-type]


def carry_out(work: Work, import_id: int, content: Content, approved: bool) -> None:
    """Take the import in, or make it a draft again after a no.

    Raises ChangedMeanwhile when a row would be taken otherwise than it was approved; nothing is imported then.
    """
    row = load(work, import_id)
    if not approved:
        back_to_draft(work, row)
        return
    plan, packed = packing.plan_of_text(row.plan), row.lines or b""
    lines = packing.unpack_lines(packed)
    is_same = hashlib.sha256(packed).hexdigest() == content["rows"]
    if not is_same or has_changed(work, plan.kind, lines):
        raise ChangedMeanwhile(
            "The books have changed since this import was checked, so some of its rows would be taken otherwise."
            " Nothing was imported. Reject it, so that it is checked anew."
        )
    reference = f"IM-{row.id:04d}"
    row.status, row.imported_at, row.taken = "imported", work.now, len(lines)
    row.version += 1
    work.session.flush()
    _write_members(work, row, [line for line in lines if isinstance(line, MemberLine)])
    _open_shares(work, [line for line in lines if isinstance(line, BalanceLine)])
    _open_others(work, [line for line in lines if isinstance(line, AccountLine)])
    taking_past.write(work, row, lines, plan.as_of)
    loan_lines = [line for line in lines if isinstance(line, LoanLine)]
    controls = _write_loans(work, row, loan_lines, plan.as_of)
    entry = opening_entry(lines, controls, reference, plan.as_of)
    if entry is not None:
        row.entry_number = ledger.post(work, entry).number
    work.session.flush()
    detail: audit.Detail = {"rows": len(lines), "entry": row.entry_number}
    audit.record(work, "took old books in", f"import {row.id}", detail)
    work.changed(Topic.MEMBERS, Topic.LOANS, Topic.IMPORTS)


def _write_members(work: Work, row: BookImport, lines: Sequence[MemberLine]) -> None:
    if not lines:
        return
    _MEMBERS.make_all(
        work.session,
        [
            {
                "number": line.number,
                "first_name": line.first_name,
                "other_names": line.other_names,
                "last_name": line.last_name,
                "national_id": line.national_id,
                "phone": line.phone,
                "phone_changed_at": None,
                "status": "active",
                "joined_on": line.joined_on,
                "registered_by": row.started_by,
                "import_id": row.id,
                "version": 1,
                "kind": "person",
            }
            for line in lines
        ],
    )
    names = {line.number: _full_name(line) for line in lines}
    with_shares = {line.number: names[line.number] for line in lines if line.shares_cents}
    _open(work, MEMBER_DEPOSITS, names, "Deposits")
    _open(work, SHARE_CAPITAL, with_shares, "Share capital")
    _count_on(work, "member", names)


def _full_name(line: MemberLine) -> str:
    return " ".join(part for part in (line.first_name, line.other_names, line.last_name) if part)


def _open_shares(work: Work, lines: Sequence[BalanceLine]) -> None:
    """Members who were registered here have an account of share capital only if they paid some."""
    if not lines:
        return
    names = {member.number: member.full_name for member in work.session.scalars(select(Member))}
    with_shares = {line.number: names[line.number] for line in lines if line.shares_cents}
    _open(work, SHARE_CAPITAL, with_shares, "Share capital")


def _open_others(work: Work, lines: Sequence[AccountLine]) -> None:
    """Open the accounts that members and loans have beside deposits, share capital and the loan itself."""
    wanted: dict[str, dict[str, str]] = {}
    for line in lines:
        control, _, owner = line.code.partition(".")
        if owner:
            wanted.setdefault(control, {})[owner] = owner
    if wanted:
        names = {one.number: one.full_name for one in work.session.scalars(select(Member))}
        for control, owners in wanted.items():
            words = ledger.account_of(work, control).name
            _open(work, control, {owner: names.get(owner, owner) for owner in owners}, words)


def _open(work: Work, control_code: str, names: Mapping[str, str], words: str) -> None:
    """Open the accounts of these owners by number; one that an undone import has left is used again
    under the new name.
    """
    control = ledger.account_of(work, control_code)
    there = set(work.session.scalars(select(Account.code).where(Account.control_id == control.id)))
    rows = []
    for number, owner in names.items():
        code, name = sub_account_code(control_code, number), f"{words} of {owner}"
        if code in there:
            work.session.execute(update(Account).where(Account.code == code).values(name=name))
        else:
            rows.append(
                {
                    "code": code,
                    "name": name,
                    "type": control.type,
                    "is_control": False,
                    "control_id": control.id,
                }
            )
    _ACCOUNTS.make_all(work.session, rows)


def _count_on(work: Work, series: str, numbers: Iterable[str]) -> None:
    """New members and loans are counted on from the highest number that the old books gave."""
    plain = [number.partition("-")[2] for number in numbers]
    highest = max((int(one) for one in plain if one.isdigit()), default=0)
    counter = work.session.get(Counter, series)
    if counter is None:
        work.session.add(Counter(series=series, last=highest))
    else:
        counter.last = max(counter.last, highest)
    work.session.flush()


def _write_loans(
    work: Work, row: BookImport, lines: Sequence[LoanLine], as_of: date
) -> dict[str, str]:
    """Write the loans with what is left of their schedules, from which follows how late they are. Returns the control
    account of each.
    """
    if not lines:
        return {}
    wanted = {line.member_number for line in lines}
    members = {
        one.number: one for one in work.session.scalars(select(Member)) if one.number in wanted
    }
    owners = {
        line.number: f"{members[line.member_number].full_name}, {line.number}" for line in lines
    }
    of_import = {"import_id": row.id, "applied_by": row.started_by}
    rows: list[dict[str, Any]] = []
    schedules, controls = {}, {}
    for line in lines:
        product, terms = terms_of_line(work, line)
        controls[line.number] = product.loan_control
        whole = make_schedule(terms, line.granted_on)
        left = remaining_schedule(whole, line.outstanding_cents, as_of)
        schedules[line.number] = left
        dates = {
            "applied_on": line.granted_on,
            "disbursed_on": line.granted_on,
            "unpaid_since": left[0].due_on,
        }
        member_id = members[line.member_number].id
        rows.append(
            {**_loan_row(line, product, terms), **dates, **of_import, "member_id": member_id}
        )
    work.session.execute(_LOANS, rows)
    _write_schedules(work, row, schedules)
    for control in sorted(set(controls.values())):
        _open(
            work,
            control,
            {number: owners[number] for number in controls if controls[number] == control},
            "Loan",
        )
    _count_on(work, "loan", controls)
    return controls


def _loan_row(line: LoanLine, product: LoanProduct, terms: LoanTerms) -> dict[str, Any]:
    return {
        **loan_terms.columns_of(terms),
        "number": line.number,
        "status": "active",
        "product_code": product.code,
        "product_name": product.name,
        "loan_control": product.loan_control,
        "asked_cents": line.granted_cents,
        "net_cents": line.granted_cents,
        "purpose": "Brought forward from the old books",
        "appraisal": "",
        "approved_at": None,
        "schedule": 1,
        "version": 1,
    }


def _write_schedules(work: Work, row: BookImport, schedules: dict[str, Any]) -> None:
    found = work.session.execute(select(Loan.id, Loan.number).where(Loan.import_id == row.id))
    work.session.execute(
        _INSTALMENTS,
        [
            {
                "loan_id": loan_id,
                "number": one.number,
                "due_on": one.due_on,
                "principal_cents": one.principal_cents,
                "interest_cents": one.interest_cents,
                "balance_cents": one.balance_cents,
                "fee_cents": one.fee_cents,
                "schedule": 1,
            }
            for loan_id, number in found.all()
            for one in schedules[number]
        ],
    )
