"""Undoes an import until the first entry uses what it brought: the entry is reversed, its members and loans go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Exists, Select, delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import (
    Account,
    AccountBalance,
    BookImport,
    Contribution,
    ContributionPart,
    Entry,
    ExitNotice,
    Guarantee,
    GuaranteeWord,
    Loan,
    LoanAccrual,
    LoanChange,
    LoanInstalment,
    LoanInstalmentFee,
    LoanWriteOff,
    Member,
    MemberDocument,
    MemberFile,
    MemberSearch,
    NomineeList,
    OldDeposit,
    OldRepayment,
    Payout,
    PostingRow,
    RelatedPerson,
    Repayment,
    SavingsProduct,
    SavingsTermsRow,
    Table,
    UserMember,
    WithdrawalNotice,
)
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.loan_figures import schedule_versions
from sacco_desktop.services.old_books.drafts import load

Members = Select[int]
# What a loan brings along, in the order in which it goes again.
_OF_LOANS = (LoanAccrual, LoanChange, LoanWriteOff, LoanInstalmentFee, LoanInstalment)
# Rows that go with the members and loans of an import, and those that are looked at with words of their own.
_GO_WITH_THEM = frozenset(
    {
        one.__tablename__
        for one in (
            *_OF_LOANS,
            Loan,
            Member,
            MemberSearch,
            ExitNotice,
            OldDeposit,
            OldRepayment,
        )
    }
)


@dataclass(frozen=True, slots=True)
class UndoImport:
    """Undo an import that is in the books, and why."""

    import_id: int
    reason: str


def undo(work: Work, asked: UndoImport) -> None:
    """Reverse the opening entry and take the members and loans out again. Only another person than the one who brought
    the import may do it, so that nothing that two people agreed to is undone by its maker alone.

    Raises WrongState when something uses it already, and NotAllowed.
    """
    work.allow(Act.APPROVE_IMPORT)
    row = load(work, asked.import_id)
    if row.status != "imported":
        raise WrongState("This import is not in the books.")
    if not asked.reason.strip():
        raise InvalidInput("Write why the import is undone.", "reason")
    if row.started_by == work.actor.user_id:
        raise WrongState(
            "You brought this import, so somebody else who may approve imports undoes it."
        )
    if used := why_not(work, row):
        raise WrongState(used)
    if row.entry_number is not None:
        row.undo_entry = ledger.reverse(work, row.entry_number, asked.reason.strip()).number
    row.status = "undone"
    row.version += 1
    work.session.flush()
    promises = select(Guarantee.id).where(Guarantee.import_id == row.id)
    work.session.execute(delete(GuaranteeWord).where(GuaranteeWord.guarantee_id.in_(promises)))
    for told in (Guarantee, OldRepayment, OldDeposit):
        work.session.execute(delete(told).where(told.import_id == row.id))
    of_import = select(Loan.id).where(Loan.import_id == row.id)
    for own in _OF_LOANS:
        work.session.execute(delete(own).where(own.loan_id.in_(of_import)))
    work.session.execute(delete(Loan).where(Loan.import_id == row.id))
    members = select(Member.id).where(Member.import_id == row.id)
    work.session.execute(delete(ExitNotice).where(ExitNotice.member_id.in_(members)))
    work.session.execute(delete(Member).where(Member.import_id == row.id))
    work.session.execute(delete(MemberFile).where(MemberFile.import_id == row.id))
    work.session.execute(delete(SavingsTermsRow).where(SavingsTermsRow.import_id == row.id))
    audit.record(work, "undid an import", f"import {row.id}", {"why": asked.reason.strip()})
    work.changed(Topic.MEMBERS, Topic.LOANS, Topic.IMPORTS)


def why_not(work: Work, row: BookImport) -> str:
    """Why an import cannot be undone any more; empty when it can."""
    other_way = "Reverse single entries instead."
    if _has_moved_promise(work, row):
        return "A guarantor of this import was called upon or let go since, so it cannot be undone."
    if row.entry_number is not None and (entry := _entry_since(work, row.entry_number)):
        return f"Entry {entry} uses balances of this import, so it cannot be undone. {other_way}"
    members = select(Member.id).where(Member.import_id == row.id)
    own = select(Loan.id).where(Loan.import_id == row.id)
    for words, used in (
        ("A repayment", exists().where(Repayment.loan_id.in_(own))),
        (
            "A changed schedule",
            exists().where(
                LoanChange.loan_id.in_(own), LoanChange.kind != schedule_versions.BROUGHT
            ),
        ),
        (
            "Interest that was booked",
            exists().where(
                LoanAccrual.loan_id.in_(own), LoanAccrual.entry_number != row.entry_number
            ),
        ),
        (
            "A loan",
            exists().where(Loan.member_id.in_(members), Loan.import_id.is_distinct_from(row.id)),
        ),
        ("A contribution", exists().where(Contribution.member_id.in_(members))),
        ("A guarantor", exists().where(Guarantee.loan_id.in_(own))),
        ("A guarantee", exists().where(Guarantee.member_id.in_(members))),
        ("A past repayment", exists().where(OldRepayment.loan_id.in_(own))),
        (
            "A month of deposits",
            exists().where(OldDeposit.member_id.in_(members), OldDeposit.import_id != row.id),
        ),
        ("A payout", exists().where(Payout.member_id.in_(members))),
        ("A person of the office", exists().where(UserMember.member_id.in_(members))),
        *_of_files(row),
        *_of_products(row),
        *_anything_else(members, own),
    ):
        if work.session.scalar(select(used)):
            return f"{words} belongs to this import, so it cannot be undone. {other_way}"
    return ""


def _of_files(row: BookImport) -> Iterator[tuple[str, Exists]]:
    files = select(MemberFile.id).where(MemberFile.import_id == row.id)
    yield "A person on a member's file", exists().where(RelatedPerson.file_id.in_(files))
    yield "A nominee form", exists().where(NomineeList.file_id.in_(files))
    yield "A paper", exists().where(MemberDocument.file_id.in_(files))


def _of_products(row: BookImport) -> Iterator[tuple[str, Exists]]:
    """A product of which this import brought all terms is gone with it, so nobody may have paid into it."""
    other = aliased(SavingsTermsRow)
    brought = (
        select(SavingsTermsRow.product_id)
        .where(SavingsTermsRow.import_id == row.id)
        .where(
            ~exists().where(
                other.product_id == SavingsTermsRow.product_id,
                other.import_id.is_distinct_from(row.id),
            )
        )
    )
    codes = select(SavingsProduct.account_code).where(SavingsProduct.id.in_(brought))
    control = aliased(Account)
    accounts = (
        select(Account.id)
        .outerjoin(control, control.id == Account.control_id)
        .where(or_(Account.code.in_(codes), control.code.in_(codes)))
    )
    yield "Money that members paid in", exists().where(ContributionPart.product_id.in_(brought))
    yield (
        "A balance",
        exists().where(
            AccountBalance.account_id.in_(accounts),
            AccountBalance.debit_cents != AccountBalance.credit_cents,
        ),
    )
    yield "A notice of withdrawal", exists().where(WithdrawalNotice.product_id.in_(brought))


def _anything_else(members: Members, loans: Members) -> Iterator[tuple[str, Exists]]:
    """Whatever else has come to point at a member or a loan since; what goes with them does not count."""
    for table in Table.metadata.sorted_tables:
        if table.name in _GO_WITH_THEM:
            continue
        for column in table.columns:
            for owner, ids in ((Member, members), (Loan, loans)):
                if any(key.column is owner.__table__.c.id for key in column.foreign_keys):
                    yield "A later record", exists().where(column.in_(ids))


def _has_moved_promise(work: Work, row: BookImport) -> bool:
    moved = exists().where(Guarantee.import_id == row.id, Guarantee.status != "accepted")
    return bool(work.session.scalar(select(moved)))


def _entry_since(work: Work, number: int) -> int | None:
    """The first later entry on an account that the opening entry moved, other than the one that takes up its other
    side; or None.
    """
    opened = (
        select(PostingRow.account_id)
        .join(Entry, Entry.id == PostingRow.entry_id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(Entry.number == number, Account.control_id.is_not(None))
    )
    return work.session.scalar(
        select(func.min(Entry.number))
        .join(PostingRow, PostingRow.entry_id == Entry.id)
        .where(Entry.number > number, PostingRow.account_id.in_(opened))
    )
