"""What the books hold already, so that nothing is imported twice and nobody is mistaken for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import Account, AccountBalance, Entry, Loan, Member, PostingRow
from sacco_desktop.domain.chart import MEMBER_DEPOSITS, SHARE_CAPITAL
from sacco_desktop.domain.old_books import product_terms
from sacco_desktop.domain.old_books.headings import Vocabulary, read_vocabulary
from sacco_desktop.domain.old_books.lines import (
    AccountLine,
    BalanceLine,
    GuarantorLine,
    Line,
    LoanLine,
    MemberLine,
    MonthsLine,
    ProductLine,
    RepaymentLine,
)
from sacco_desktop.domain.old_books.plan import BookKind
from sacco_desktop.domain.old_books.reading_rows import TOLD_WITH_OWNERS
from sacco_desktop.domain.old_books.row_reader import (
    Known,
    KnownAccount,
    KnownMember,
    KnownProduct,
    KnownSavings,
)
from sacco_desktop.domain.opening_entries import OPENING_BALANCES, OTHER_SIDE
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_offers
from sacco_desktop.services.old_books.known_past import known_loans, known_past, past_collides
from sacco_desktop.services.savings import savings_products
from sacco_desktop.settings import resources_dir


@cache
def vocabulary() -> Vocabulary:
    """What the headings of old registers mean."""
    return read_vocabulary((resources_dir() / "old_book_headings.toml").read_text("utf-8"))


def known_for(work: Work, kind: BookKind) -> Known:
    """What a file of this kind can collide with."""
    if kind is BookKind.PRODUCTS:
        return Known(savings=_savings(work))
    if kind is BookKind.ACCOUNTS:
        return Known(accounts=_accounts(work), owners=_owners(work))
    has_past = kind in {BookKind.GUARANTORS, BookKind.REPAYMENTS, BookKind.DEPOSIT_MONTHS}
    opened = _opened(work) if kind in {BookKind.BALANCES, BookKind.DEPOSIT_MONTHS} else {}
    members = _members(work, opened)
    if has_past:
        return known_past(work, kind, members)
    return Known(
        members=members,
        loans=known_loans(work, with_opening=False),
        # To read the products means to prove them, which takes as long as a thousand members.
        products=_products(work) if kind is BookKind.LOANS else (),
        accounts=_plain_accounts(work) if kind is BookKind.LOANS else {},
    )


def _members(work: Work, opened: Mapping[str, int]) -> dict[str, KnownMember]:
    names = (Member.first_name, Member.other_names, Member.last_name)
    found = work.session.execute(select(Member.number, *names, Member.national_id, Member.phone))
    return {
        number: KnownMember(
            number,
            " ".join(part for part in (first, other, last) if part),
            national_id,
            phone,
            number in opened,
            opened.get(number, 0),
        )
        for number, first, other, last, national_id, phone in found
    }


def _opened(work: Work) -> dict[str, int]:
    """The members whose balances were brought forward, by an entry that nobody took back, with their deposits then."""
    undone = aliased(Entry)
    rows = work.session.execute(
        select(Account.code, PostingRow.credit_cents)
        .join(PostingRow, PostingRow.account_id == Account.id)
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(
            Entry.kind == OPENING_BALANCES,
            ~exists().where(undone.reverses_number == Entry.number),
        )
    )
    found: dict[str, int] = {}
    for code, cents in rows:
        control, _, owner = code.partition(".")
        if control in {MEMBER_DEPOSITS, SHARE_CAPITAL}:
            deposits = cents if control == MEMBER_DEPOSITS else 0
            found[owner] = found.get(owner, 0) + deposits
    return found


def _products(work: Work) -> tuple[KnownProduct, ...]:
    found: dict[str, KnownProduct] = {}
    for product in loan_offers.products(work):
        pattern = product.pattern
        found[product.code] = KnownProduct(
            product.code,
            product.name,
            Decimal(pattern.rate) * 100,
            pattern.rate_per.value,
            max(pattern.principal_grace, pattern.interest_grace) + 1,
        )
    return tuple(found.values())


def _plain_accounts(work: Work) -> dict[str, KnownAccount]:
    """Those that a fee of a loan can go to."""
    codes = select(Account.code).where(Account.control_id.is_(None), ~Account.is_control)
    return {code: KnownAccount(0) for code in work.session.scalars(codes)}


def _savings(work: Work) -> dict[str, KnownSavings]:
    found = savings_products.products_with_terms(work, work.today, also_coming=True)
    return {
        product.code: KnownSavings(
            product.kind.value,
            product.account_code,
            {one.effective_on: product_terms.terms_as_text(one.terms) for one in dated},
        )
        for product, dated in found
    }


def _accounts(work: Work) -> dict[str, KnownAccount]:
    """Those of the chart, and those of members and loans that a trial balance brings by name."""
    debit = func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0)
    control = aliased(Account)
    found = work.session.execute(
        select(Account.code, debit, Account.is_control)
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .outerjoin(control, control.id == Account.control_id)
        .where(Account.control_id.is_(None) | control.code.not_in(TOLD_WITH_OWNERS))
    )
    return {
        code: KnownAccount(cents, is_control, code == OTHER_SIDE)
        for code, cents, is_control in found
    }


def _owners(work: Work) -> frozenset[str]:
    numbers = (
        *work.session.scalars(select(Member.number)),
        *work.session.scalars(select(Loan.number)),
    )
    return frozenset(numbers)


_Other = (
    BalanceLine | LoanLine | AccountLine | GuarantorLine | RepaymentLine | MonthsLine | ProductLine
)


def has_changed(work: Work, kind: BookKind, lines: Sequence[Line]) -> bool:
    """Whether the books have come to hold something since, because of which a line would be taken otherwise."""
    known = known_for(work, kind)
    members = [line for line in lines if isinstance(line, MemberLine)]
    return _members_collide(members, known) or any(
        _collides(line, known) for line in lines if not isinstance(line, MemberLine)
    )


def _members_collide(lines: Sequence[MemberLine], known: Known) -> bool:
    there = known.members.values()
    taken = {one.national_id for one in there} | {one.phone for one in there}
    return (
        not known.members.keys().isdisjoint([line.number for line in lines])
        or not taken.isdisjoint([line.national_id for line in lines])
        or not taken.isdisjoint([line.phone for line in lines])
    )


def _collides(line: _Other, known: Known) -> bool:
    if isinstance(line, BalanceLine):
        member = known.members.get(line.number)
        return member is None or member.has_opening
    if isinstance(line, LoanLine):
        return line.number in known.loans or line.member_number not in known.members
    if isinstance(line, GuarantorLine | RepaymentLine | MonthsLine):
        return past_collides(line, known)
    if isinstance(line, ProductLine):
        there = known.savings.get(line.code)
        taken_accounts = {one.account_code for one in known.savings.values()}
        return line.effective_on in there.terms if there else line.account_code in taken_accounts
    if line.code in known.accounts:
        return known.accounts[line.code].debit_cents != 0
    return line.code.partition(".")[2] not in known.owners


def product_as_granted(work: Work, code: str, granted_on: date) -> LoanProduct:
    """The product as it was offered on a day, or the oldest of its kind for a loan from before."""
    dated = sorted(
        (one for one in loan_offers.products(work) if one.code == code),
        key=lambda one: one.effective_on,
    )
    then = [one for one in dated if one.effective_on <= granted_on]
    return then[-1] if then else dated[0]
