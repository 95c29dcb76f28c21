"""What the members of a practice office pay in, for pictures: rules of weeks and months, receipts, cheques, shares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.savings import Every, ProductKind, SavingsTerms, Withdrawal
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.share_shortfall import LEAST_SHARE_CAPITAL
from sacco_desktop.services.office import approvals, setting_changes
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.savings import contributions, members_cheques, savings_products
from sacco_desktop.services.savings.contributions import NewContribution, TakenContribution
from sacco_desktop.services.savings.members_cheques import ClearedCheque, ReturnedCheque
from sacco_desktop.services.savings.savings_products import TermsChange

_CHRISTMAS = SavingsTerms(
    "Christmas savings", True, 0, Every.NONE, 0, 1, Withdrawal.BY_NOTICE, 0, 30
)


def members_save(practice: PracticeOffice) -> None:
    """Deposits are expected each week and welfare each month; some are paid ahead, some overdue. Of three cheques one
    waits, one is cleared and one came back, and other terms of a product wait for a second person.
    """
    saving = _Saving(practice)
    today = business_date(practice.office.now())
    day = today.isoweekday()
    saving.agree(saving.asked("deposits", every=Every.WEEK, expected_cents=250_00, due_day=day))
    saving.agree(
        saving.asked(
            "welfare",
            every=Every.MONTH,
            expected_cents=200_00,
            due_day=today.day,
            preset_cents=200_00,
        )
    )
    saving.agree(saving.category())
    least = SettingChange(LEAST_SHARE_CAPITAL, "500000", today)
    changed = practice.office.books.write(
        setting_changes.change_setting, least, actor=practice.person("ruth")
    )
    if changed.request_id is not None:
        saving.agree(changed.request_id)
    for number, parts in (
        ("M-0001", (("deposits", 1_000), ("welfare", 200), ("share_capital", 6_000))),
        ("M-0002", (("deposits", 500), ("share_capital", 5_000), ("christmas_savings", 300))),
        ("M-0004", (("deposits", 150), ("share_capital", 1_500))),
    ):
        saving.paid(number, parts)
    saving.paid("M-0003", (("deposits", 4_000), ("welfare", 400)), PaidBy.BANK, "FT26081ABC")
    saving.cleared(saving.paid("M-0003", (("share_capital", 5_000),), PaidBy.CHEQUE, "000451"))
    saving.came_back(saving.paid("M-0005", (("deposits", 900),), PaidBy.CHEQUE, "000118"))
    saving.paid("M-0005", (("deposits", 2_500), ("welfare", 200)), PaidBy.CHEQUE, "000119")
    saving.asked("special_savings", least_cents=1_000_00, effective=today + timedelta(days=14))


class _Saving:
    """The people of the office at the counter and over the rules."""

    def __init__(self, practice: PracticeOffice) -> None:
        self._practice = practice
        self._books = practice.office.books
        self._today = business_date(practice.office.now())

    def paid(
        self,
        number: str,
        parts: tuple[tuple[str, int], ...],
        source: PaidBy = PaidBy.CASH,
        reference: str = "",
    ) -> TakenContribution:
        """What Peter takes in today; the parts are in shillings."""
        peter = self._practice.person("peter")
        member = self._books.read(members.row_numbered, number, actor=peter)
        cents = tuple((code, kes * 100) for code, kes in parts)
        new = NewContribution(_key(), member.member_id, cents, source, reference, self._today)
        return self._books.write(contributions.take, new, actor=peter)

    def cleared(self, taken: TakenContribution) -> None:
        """The bank has paid this cheque."""
        cleared = ClearedCheque(_key(), taken.receipt, self._today)
        self._books.write(members_cheques.clear, cleared, actor=self._practice.person("grace"))

    def came_back(self, taken: TakenContribution) -> None:
        """The bank has not."""
        back = ReturnedCheque(_key(), taken.receipt, self._today, 500_00, "Refer to drawer.")
        self._books.write(members_cheques.came_back, back, actor=self._practice.person("grace"))

    def asked(
        self,
        code: str,
        effective: date | None = None,
        **changes: Any,
    ) -> int:
        """Other terms of a product that Ruth asks for; the request's id."""
        ruth = self._practice.person("ruth")
        product = self._books.read(savings_products.product_named, code, actor=ruth)
        terms = replace(product.terms, **changes)
        change = TermsChange(code, product.kind, terms, effective or self._today)
        return self._books.write(savings_products.ask_terms, change, actor=ruth)

    def category(self) -> int:
        """A category of the society's own that Ruth asks for."""
        change = TermsChange("", ProductKind.SAVINGS, _CHRISTMAS, self._today)
        ruth = self._practice.person("ruth")
        return self._books.write(savings_products.ask_terms, change, actor=ruth)

    def agree(self, request_id: int) -> None:
        """Daniel says yes."""
        daniel = self._practice.person("daniel")
        shown = self._books.read(_fingerprint, request_id, actor=daniel)
        verdict = Verdict(request_id, shown, Decision.APPROVE)
        self._books.write(decisions.decide, verdict, actor=daniel)


def _key() -> str:
    return f"scene/{uuid4()}"


def _fingerprint(work: Work, request_id: int) -> str:
    return approvals.load(work, request_id).fingerprint
