"""Savings products: what holds for each on a day, and changes of it, which two people make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Account, SavingsProduct, SavingsTermsRow
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.chart import control_owner, family_of
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.paying_out import OutTerms, benefits_of_kept
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.receipt_purposes import RESERVED
from sacco_desktop.domain.savings import (
    OWN_KINDS,
    DatedTerms,
    Every,
    ProductKind,
    SavingsTerms,
    Withdrawal,
    checked_terms,
    code_of_name,
    own_account,
)
from sacco_desktop.domain.savings_words import terms_words
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals
from sacco_desktop.services.office.first_products import columns_of


@dataclass(frozen=True, slots=True)
class Product:
    """A product with what holds for it today, since when, and what will; cents and days."""

    product_id: int
    code: str
    kind: ProductKind
    account_code: str
    terms: SavingsTerms
    since: date
    coming: DatedTerms | None = None

    @property
    def is_owned(self) -> bool:
        """Whether each member has an own account of it."""
        return control_owner(self.account_code) == "member"


@dataclass(frozen=True, slots=True)
class TermsChange:
    """Other terms of a product from a day on; with an empty `code` a new category of the society's own, of this
    kind.
    """

    code: str
    kind: ProductKind
    terms: SavingsTerms
    effective_on: date


def list_products(work: Work, _nothing: None = None) -> tuple[Product, ...]:
    """Every product that holds today, the shipped ones first."""
    work.allow(Act.LOOK)
    return products_on(work, work.today)


def products_on(work: Work, on: date) -> tuple[Product, ...]:
    """The products and what held for each on a day."""
    return tuple(product for product, _terms in products_with_terms(work, on))


_CODES = Lookup(
    select(SavingsProduct.code)
    .join(SavingsTermsRow, SavingsTermsRow.product_id == SavingsProduct.id)
    .where(SavingsTermsRow.effective_on <= bindparam("on"))
    .distinct()
)


def codes_on(work: Work, on: date) -> list[str]:
    """The codes of the products that held on a day."""
    return [code for (code,) in _CODES.rows(work.session, on=on)]


def products_with_terms(
    work: Work, on: date, *, also_coming: bool = False
) -> tuple[tuple[Product, tuple[DatedTerms, ...]], ...]:
    """The products that held on a day, each with all its terms, the oldest first; one question for all of them. With
    `also_coming` those too that only begin later, with the terms that they begin with.
    """
    found = []
    for row, dated in _everything(work):
        held = [one for one in dated if one.effective_on <= on]
        later = [one for one in dated if one.effective_on > on]
        if held or also_coming:
            known = [*held[-1:], *later]
            product = _product(row, known[0], known[1] if len(known) > 1 else None)
            found.append((product, tuple(dated)))
    return tuple(found)


def _everything(work: Work) -> list[tuple[SavingsProduct, list[DatedTerms]]]:
    """All products with all their terms, the oldest terms first; one question, for each deposit asks it."""
    found: dict[int, tuple[SavingsProduct, list[DatedTerms]]] = {}
    rows = work.session.execute(
        select(SavingsProduct, SavingsTermsRow)
        .join(SavingsTermsRow, SavingsTermsRow.product_id == SavingsProduct.id)
        .order_by(SavingsProduct.id, SavingsTermsRow.effective_on)
    )
    for product, terms in rows:
        _row, dated = found.setdefault(product.id, (product, []))
        dated.append(DatedTerms(terms.effective_on, _terms(terms)))
    return list(found.values())


def _product(row: SavingsProduct, now: DatedTerms, coming: DatedTerms | None) -> Product:
    kind = ProductKind(row.kind)
    return Product(row.id, row.code, kind, row.account_code, now.terms, now.effective_on, coming)


def terms_of(work: Work, product_id: int) -> tuple[DatedTerms, ...]:
    """All terms of a product, the oldest first."""
    rows = work.session.scalars(
        select(SavingsTermsRow)
        .where(SavingsTermsRow.product_id == product_id)
        .order_by(SavingsTermsRow.effective_on)
    )
    return tuple(DatedTerms(row.effective_on, _terms(row)) for row in rows)


def _terms(row: SavingsTermsRow) -> SavingsTerms:
    return SavingsTerms(
        name=row.name,
        is_open=row.is_open,
        preset_cents=row.preset_cents,
        every=Every(row.every),
        expected_cents=row.expected_cents,
        due_day=row.due_day,
        withdrawal=Withdrawal(row.withdrawal),
        least_cents=row.least_cents,
        notice_days=row.notice_days,
        out=OutTerms(
            most_a_month=row.most_a_month,
            fee_cents=row.fee_cents,
            wait_days=row.wait_days,
            claims_a_year=row.claims_a_year,
            benefits=benefits_of_kept(row.benefits),
        ),
    )


def product_named(work: Work, code: str, on: date | None = None) -> Product:
    """The product with this code. Raises InvalidInput under `product`."""
    day = on or work.today
    found = next((one for one in products_on(work, day) if one.code == code), None)
    if found is None:
        raise InvalidInput("Choose what the money is for.", "product")
    return found


def product_on_account(work: Work, account_code: str) -> Product | None:
    """The product whose money lies on this account, or under it."""
    products = products_on(work, work.today)
    return next((one for one in products if one.account_code == account_code), None)


def ask_terms(work: Work, change: TermsChange) -> int:
    """Ask another person for other terms or a new category; returns the request's id. Nothing changes by it.

    Raises InvalidInput under the field that is wrong, WrongState when nothing would change.
    """
    work.allow(Act.MANAGE_RULES)
    if change.effective_on < work.today:
        raise InvalidInput("Terms change today or later, not in the past.", "effective_on")
    row = _row_for(work, change)
    kind = ProductKind(row.kind)
    terms = checked_terms(kind, change.terms)
    _refuse_second_name(work, row, terms.name)
    before = _words_on(work, row, change.effective_on)
    after = "; ".join(terms_words(terms))
    if before == after:
        raise WrongState("Those are the terms already. Nothing was asked for.")
    content: dict[str, str | int | list[list[str | int]]] = {
        "product": row.code,
        "kind": row.kind,
        "account": row.account_code,
        "title": terms.name,
        "before": before,
        "after": after,
        "from": change.effective_on.isoformat(),
        **{
            name: int(value) if isinstance(value, bool) else value
            for name, value in columns_of(terms).items()
        },
    }
    new = approvals.NewRequest(
        ApprovalKind.SAVINGS_TERMS, row.id, f"Savings: {terms.name}", 0, content
    )
    return approvals.ask(work, new)


def _row_for(work: Work, change: TermsChange) -> SavingsProduct:
    """The product itself; a new category is written down with its account, and holds only when it has terms."""
    if change.code:
        return _load(work, change.code)
    name = checked_terms(change.kind, change.terms).name
    code = code_of_name(name)
    if len(code) < 2 or not code[0].isalpha():
        raise InvalidInput("Write a name that begins with a letter of A to Z.", "name")
    if code in RESERVED:
        raise InvalidInput("Repayments of loans have this name. Choose another one.", "name")
    used = work.session.scalars(select(SavingsProduct.account_code))
    same = work.session.scalar(select(SavingsProduct).where(SavingsProduct.code == code))
    if same is not None and (same.kind != change.kind.value or terms_of(work, same.id)):
        raise InvalidInput("There is a category of this name already.", "name")
    if same is not None:
        return same
    row = SavingsProduct(
        code=code, kind=change.kind.value, account_code=own_account(change.kind, used)
    )
    work.session.add(row)
    work.session.flush()
    return row


def _refuse_second_name(work: Work, row: SavingsProduct, name: str) -> None:
    for other in products_on(work, work.today):
        if other.product_id != row.id and other.terms.name.casefold() == name.casefold():
            raise InvalidInput("There is a category of this name already.", "name")


def _load(work: Work, code: str) -> SavingsProduct:
    row = work.session.scalar(select(SavingsProduct).where(SavingsProduct.code == code))
    if row is None:
        raise NotFound("There is no such product.")
    return row


def _words_on(work: Work, row: SavingsProduct, on: date) -> str:
    held = [one for one in terms_of(work, row.id) if one.effective_on <= on]
    return "; ".join(terms_words(held[-1].terms)) if held else "Not in the books yet"


def content_now(work: Work, content: Content) -> Content:
    """The content as it would be asked today: what is before it may have changed meanwhile."""
    row = _load(work, str(content["product"]))
    day = max(date.fromisoformat(str(content["from"])), work.today)
    return {**content, "before": _words_on(work, row, day)}


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """Write the approved terms down and open the account of a new category. They count from their day, or from today
    if that day has passed. Raises WrongState when terms of that day are there already.
    """
    row = _load(work, str(content["product"]))
    day = max(date.fromisoformat(str(content["from"])), work.today)
    terms = checked_terms(ProductKind(row.kind), _terms_of_content(content))
    if any(one.effective_on == day for one in terms_of(work, row.id)):
        raise WrongState(
            f"{terms.name} has terms from {format_date(day)} already. Ask for them from the next day on."
        )
    _open_account(work, row, terms.name)
    work.session.add(
        SavingsTermsRow(
            product_id=row.id, effective_on=day, request_id=request_id, **columns_of(terms)
        )
    )
    work.session.flush()
    detail: audit.Detail = {"from": day.isoformat(), "request": request_id}
    audit.record(work, "changed a savings product", row.code, detail)
    work.changed(Topic.SETTINGS, Topic.SAVINGS)


@dataclass(frozen=True, slots=True)
class BroughtTerms:
    """Terms of a product that an import brings from other books, from their own day on."""

    code: str
    kind: ProductKind
    account_code: str
    effective_on: date
    terms: SavingsTerms
    import_id: int


def bring(work: Work, brought: BroughtTerms) -> None:
    """Write terms down that an approved import brings, and open the account of a category that is not there yet."""
    found = select(SavingsProduct).where(SavingsProduct.code == brought.code)
    row = work.session.scalar(found)
    if row is None:
        row = SavingsProduct(
            code=brought.code, kind=brought.kind.value, account_code=brought.account_code
        )
        work.session.add(row)
        work.session.flush()
    _open_account(work, row, brought.terms.name)
    work.session.add(
        SavingsTermsRow(
            product_id=row.id,
            effective_on=brought.effective_on,
            import_id=brought.import_id,
            **columns_of(brought.terms),
        )
    )
    work.session.flush()
    work.changed(Topic.SETTINGS, Topic.SAVINGS)


def _terms_of_content(content: Content) -> SavingsTerms:
    def number(name: str) -> int:
        # A request from before money went out by terms says nothing of that.
        return int(str(content.get(name, 0)))

    return SavingsTerms(
        name=str(content["name"]),
        is_open=bool(number("is_open")),
        preset_cents=number("preset_cents"),
        every=Every(str(content["every"])),
        expected_cents=number("expected_cents"),
        due_day=number("due_day"),
        withdrawal=Withdrawal(str(content["withdrawal"])),
        least_cents=number("least_cents"),
        notice_days=number("notice_days"),
        out=OutTerms(
            most_a_month=number("most_a_month"),
            fee_cents=number("fee_cents"),
            wait_days=number("wait_days"),
            claims_a_year=number("claims_a_year"),
            benefits=benefits_of_kept(str(content.get("benefits", "[]"))),
        ),
    )


def _open_account(work: Work, row: SavingsProduct, name: str) -> None:
    if ProductKind(row.kind) not in OWN_KINDS or ledger.is_open(work, row.account_code):
        return
    like = ledger.account_of(work, family_of(row.account_code))
    work.session.add(
        Account(code=row.account_code, name=name, type=like.type, is_control=like.is_control)
    )
    work.session.flush()
