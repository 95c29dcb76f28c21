"""Money lived day by day in real books: prompts, the paybill, M-Pesa's list, payouts, charges and moves between our
accounts, with faults of every class planted; each morning the statements of the day before are held against it.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import (
    MPESA_CHARGES_PAID,
    MPESA_PAYBILL,
    MPESA_UTILITY,
    UNALLOCATED_RECEIPTS,
)
from sacco_desktop.domain.dates import moment_of
from sacco_desktop.domain.money_in import Road
from sacco_desktop.domain.reconciling.classes import LineClass
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import (
    allocations,
    mpesa_receipts,
    prompt_news,
    prompts,
    receipt_pulls,
)
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.collecting.prompt_news import PaymentNews, PromptNews, PromptQuestion
from sacco_desktop.services.collecting.prompts import (
    NewPrompt,
    PromptAnswered,
    PromptTold,
    SendPrompt,
)
from sacco_desktop.services.collecting.receipt_pulls import PullTold
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.proof import verify
from sacco_desktop.services.reconciling import auto_matching, reconciliation_signing
from sacco_desktop.services.reconciling.reconciliation_signing import ToSign
from sacco_desktop.services.savings import unproven_payments
from sacco_desktop.services.sending.payout_sending import SendOrder, WireTrace
from tests import make, make_payments
from tests.make import PracticeOffice
from tests.make_statements import Moved, settle_all, signatures, take_in, view

ACCOUNTS = (MPESA_UTILITY, MPESA_PAYBILL, MPESA_CHARGES_PAID)
SHORTCODE = "600100"
MEMBERS = 12
_TRACE = WireTrace("/mpesa/stkpush/v1/processrequest", "{}", 200, "{}")
_PAYBILL, _B2C = "Pay Bill Online", "Business Payment to Customer via API"
_CHARGE_KES = 13
_FLOAT_KES = 90_000_000


class Wrong(AssertionError):
    """A fault that was not found, one that was invented, or a day that did not come to zero."""


@dataclass
class MoneyYear:
    """The office, what M-Pesa's statements say of each day, and what is planted in them."""

    office: PracticeOffice
    chance: random.Random
    relay: int = 0
    members: list[object] = field(default_factory=list)
    rows: dict[str, list[Moved]] = field(default_factory=lambda: defaultdict(list))
    holds: Counter[str] = field(default_factory=Counter)
    planted: dict[tuple[str, str, int], LineClass] = field(default_factory=dict)
    notices: list[Heard] = field(default_factory=list)
    listed: list[Heard] = field(default_factory=list)
    forged: list[Heard] = field(default_factory=list)
    lines: int = 0
    found: Counter[LineClass] = field(default_factory=Counter)
    numbers: int = 0

    @property
    def day(self) -> date:
        return make.day(self.office)

    def receipt(self) -> str:
        self.numbers += 1
        return f"U{self.chance.choice('CDEFGH')}{self.numbers:08d}"

    def kes(self) -> int:
        """A sum that no other has, so that nothing is found by chance and nothing else either."""
        return 1_000 + self.numbers * 7 + self.chance.randrange(5)

    def row(self, account: str, receipt: str, kes: int, reason: str, **more: str) -> Moved:
        moved = Moved(receipt, kes, reason, self.day, **more)
        self.rows[account].append(moved)
        return moved

    def plant(self, account: str, moved: Moved, kind: LineClass) -> None:
        self.planted[account, moved.receipt, moved.kes] = kind

    def heard(self, receipt: str, kes: int, road: Road = Road.C2B) -> Heard:
        reference = self.chance.choice(("M-0001", "M-0002 shares", "Jane", ""))
        return Heard(
            receipt, SHORTCODE, self.office.clock.now(), kes * 100, road, reference, PayerTold()
        )


def begin(office: PracticeOffice, seed: int) -> MoneyYear:
    """The office with members, a float and its connection; the float's row stands on the first statement."""
    year = MoneyYear(office, random.Random(seed))
    facts = ConnectionFacts(
        "practice", "http://127.0.0.1:1", SHORTCODE, "sacco", "-----BEGIN CERTIFICATE-----"
    )
    office.write(mpesa_connections.save, facts, office.admin)
    year.relay = make.relay(office)
    year.members = [make.member(office) for _ in range(MEMBERS)]
    make.float_of(office, _FLOAT_KES)
    top_up = year.row(MPESA_UTILITY, year.receipt(), _FLOAT_KES, "Deposit of Funds")
    year.plant(MPESA_UTILITY, top_up, LineClass.SETTLEMENT)
    return year


def live(year: MoneyYear, days: int, lines: int, faults_a_day: int) -> None:
    """So many days with so many lines in all; raises Wrong at the first that is not as it must be."""
    waiting: list[Callable[[MoneyYear], None]] = []
    for at in range(days):
        _usual(year, lines * (at + 1) // days - year.lines)
        for _ in range(faults_a_day):
            waiting = waiting or list(FAULTS)
            waiting.pop(0)(year)
        _tell(year)
        _next_morning(year, sign=at % 7 == 6)
    _tell(year)
    _next_morning(year, sign=False)
    _refute(year)
    for account in ACCOUNTS:
        _check_zero(year, account)
    if not year.office.read(verify.verify, None).is_sound:
        raise Wrong("The books do not add up at the end.")


# What is in order.


def _usual(year: MoneyYear, count: int) -> None:
    """Payments to the paybill, some of which only the list tells; prompts; and a payout with its charge."""
    _prompted(year)
    _paid_out(year)
    for at in range(max(0, count - 3)):
        receipt, kes = year.receipt(), year.kes()
        year.row(MPESA_PAYBILL, receipt, kes, _PAYBILL)
        told = year.listed if at % 9 == 8 else year.notices
        told.append(year.heard(receipt, kes, Road.PULL if told is year.listed else Road.C2B))


def _prompted(year: MoneyYear) -> None:
    office, member = year.office, year.members[year.numbers % MEMBERS]
    kes = year.kes()
    new = NewPrompt(make.key(), member.member_id, "deposits", None, member.phone, kes * 100)  # type: ignore[attr-defined]
    given = SendPrompt(new, make.route(office, year.relay))
    order = office.write(prompts.begin, given, office.peter)
    ids = ("1-2-3", f"ws_CO_{order.prompt_id}")
    answer = PromptAnswered(order.prompt_id, PromptTold.ACCEPTED, "Accepted.", _TRACE, *ids)
    office.write(prompts.record_answer, answer, office.peter)
    receipt = year.receipt()
    year.row(MPESA_PAYBILL, receipt, kes, _PAYBILL)
    news = PromptNews(*ids, "0", receipt, kes * 100, office.clock.now(), PayerTold(order.phone))
    if year.chance.random() < 0.8:
        make.arrive(office, year.relay, (order.tag, news))
    else:
        # The answer was lost; the paybill's confirmation tells of it with the account.
        year.notices.append(
            Heard(receipt, SHORTCODE, office.clock.now(), kes * 100, Road.C2B, order.reference,
                  PayerTold(order.phone))
        )  # fmt: skip
    office.write(prompt_news.record_question, PromptQuestion(order.prompt_id, "0"))


def _sent(year: MoneyYear, *, is_told: bool) -> SendOrder:
    office = year.office
    row = make_payments.approved_payment(office, amount_cents=(20_000 + year.kes()) * 100)
    via = make.route(office, year.relay)
    year.numbers += 1
    if not is_told:
        return make.doubtful(office, row, via)
    order = make.accepted(office, row, via)
    make.arrive(office, year.relay, (order.tag, make.paid_news(order)))
    return order


def _paid_out(year: MoneyYear, charged_on: str = MPESA_CHARGES_PAID) -> SendOrder:
    order = _sent(year, is_told=True)
    receipt = make.receipt(order)
    year.row(MPESA_UTILITY, receipt, -order.amount_shillings, _B2C)
    charge = year.row(charged_on, receipt, -_CHARGE_KES, "Business Payment Charge")
    if charged_on != MPESA_CHARGES_PAID:
        year.plant(charged_on, charge, LineClass.CHARGE)
    return order


# What is planted.


def _missed(year: MoneyYear) -> None:
    row = year.row(
        MPESA_PAYBILL, year.receipt(), year.kes(), _PAYBILL, details="Pay Bill from 2547 Acc. M12"
    )
    year.plant(MPESA_PAYBILL, row, LineClass.MISSED_NOTICE)


def _payout_unknown(year: MoneyYear) -> None:
    order = _sent(year, is_told=False)
    party = f"{order.phone[:6]}***{order.phone[-3:]} - JANE"
    receipt = year.receipt()
    row = year.row(MPESA_UTILITY, receipt, -order.amount_shillings, _B2C, party=party)
    year.plant(MPESA_UTILITY, row, LineClass.MISSED_NOTICE)
    year.row(MPESA_CHARGES_PAID, receipt, -_CHARGE_KES, "Business Payment Charge")


def _elsewhere(year: MoneyYear) -> None:
    receipt, kes = year.receipt(), year.kes()
    year.notices.append(year.heard(receipt, kes))
    row = year.row(MPESA_UTILITY, receipt, kes, _PAYBILL)
    year.plant(MPESA_UTILITY, row, LineClass.WRONG_ACCOUNT)


def _charge_here(year: MoneyYear) -> None:
    _paid_out(year, charged_on=MPESA_UTILITY)


def _charge_of_paybill(year: MoneyYear) -> None:
    receipt, kes = year.receipt(), year.kes()
    year.notices.append(year.heard(receipt, kes))
    year.row(MPESA_PAYBILL, receipt, kes, _PAYBILL)
    charge = year.row(MPESA_PAYBILL, receipt, -18, "Pay Bill Charge")
    year.plant(MPESA_PAYBILL, charge, LineClass.CHARGE)


def _reversed(year: MoneyYear) -> None:
    receipt, kes = year.receipt(), year.kes()
    is_told = year.chance.random() < 0.5
    paid = year.row(MPESA_PAYBILL, receipt, kes, _PAYBILL)
    if is_told:
        year.notices.append(year.heard(receipt, kes))
    else:
        year.plant(MPESA_PAYBILL, paid, LineClass.MISSED_NOTICE)
    back = year.row(MPESA_PAYBILL, year.receipt(), -kes, "Transaction Reversal", linked=receipt)
    year.plant(MPESA_PAYBILL, back, LineClass.REVERSAL)


def _moved(year: MoneyYear) -> None:
    receipt, kes = year.receipt(), year.kes()
    words = "Business Transfer from Utility to Working"
    row = year.row(MPESA_UTILITY, receipt, -kes, words)
    year.plant(MPESA_UTILITY, row, LineClass.SETTLEMENT)
    # The statement of Utility is settled first, so this row finds its entry.
    year.row(MPESA_PAYBILL, receipt, kes, words)


def _settled_to_bank(year: MoneyYear) -> None:
    row = year.row(MPESA_PAYBILL, year.receipt(), -year.kes(), "Organization Settlement to Bank")
    year.plant(MPESA_PAYBILL, row, LineClass.SETTLEMENT)


def _foreign(year: MoneyYear) -> None:
    account = year.chance.choice((MPESA_UTILITY, MPESA_PAYBILL))
    sign = year.chance.choice((1, -1))
    row = year.row(account, year.receipt(), sign * year.kes(), "Something new")
    year.plant(account, row, LineClass.NOT_OURS)


def _other_sum(year: MoneyYear) -> None:
    receipt, kes = year.receipt(), year.kes()
    year.notices.append(year.heard(receipt, kes))
    row = year.row(MPESA_PAYBILL, receipt, kes + year.chance.choice((-9, 9)), _PAYBILL)
    year.plant(MPESA_PAYBILL, row, LineClass.AMOUNT_DIFFERS)


def _forged(year: MoneyYear) -> None:
    """The right address and a receipt that M-Pesa does not know."""
    notice = year.heard(year.receipt(), year.kes())
    year.notices.append(notice)
    year.forged.append(notice)


FAULTS = (
    _missed, _payout_unknown, _elsewhere, _charge_here, _charge_of_paybill, _reversed, _moved, _settled_to_bank,
    _foreign, _other_sum, _forged,
)  # fmt: skip


# What comes of it.


def _tell(year: MoneyYear) -> None:
    """The news of the day in another order than it happened, some of it twice; then M-Pesa's list of the rest."""
    office, chance = year.office, year.chance
    told = [*year.notices, *chance.sample(year.notices, len(year.notices) // 8)]
    chance.shuffle(told)
    make.arrive(office, year.relay, *((None, PaymentNews(heard)) for heard in told))
    window = office.read(receipt_pulls.window, None)
    office.write(receipt_pulls.take_in, PullTold(window, tuple(year.listed)))
    year.notices.clear()
    year.listed.clear()


def _next_morning(year: MoneyYear, *, sign: bool) -> None:
    office, day = year.office, year.day
    office.clock.set_to(moment_of(day + timedelta(days=1), 9))
    for account in ACCOUNTS:
        _hold_against(year, account)
    for account in ACCOUNTS:
        settle_all(office, account)
    _refute(year, before=day)
    office.write(allocations.settle_waiting, None)
    for account in ACCOUNTS if sign and not year.forged else ():
        _check_zero(year, account)
        shown = view(office, account, day)
        given = ToSign(account, day, shown.fingerprint, signatures(office))
        office.write(reconciliation_signing.sign, given, office.grace)


def _hold_against(year: MoneyYear, account: str) -> None:
    """The account's statement of the day: exactly what was planted is left over; what is settled leaves zero."""
    rows = year.rows.pop(account, [])
    if rows:
        take_in(year.office, rows, account, opening_kes=year.holds[account])
    year.holds[account] += sum(row.kes for row in rows)
    year.lines += len(rows)
    left = (
        {
            (account, one.line.receipt, one.line.cents // 100): one.finding.kind
            for one in view(year.office, account).lines
        }
        if rows
        else {}
    )
    wanted = {key: kind for key, kind in year.planted.items() if key[0] == account}
    if left != wanted:
        raise Wrong(f"{year.day}: {sorted(set(left.items()) ^ set(wanted.items()))}")
    year.found.update(left.values())
    for key in wanted:
        del year.planted[key]
    settle_all(year.office, account)
    _check_zero(year, account)


def _check_zero(year: MoneyYear, account: str) -> None:
    """Nothing is left over but what somebody forged."""
    seen = view(year.office, account)
    if seen.told is None or seen.told.unexplained_cents:
        raise Wrong(f"{year.day} {account}: a difference without a reason")
    forged = {one.receipt for one in year.forged} if account == MPESA_PAYBILL else set()
    over = {one.receipt for one in seen.postings}
    if seen.lines or over != forged:
        raise Wrong(f"{year.day} {account}: left over {sorted(over ^ forged)} {seen.lines[:3]}")
    if not forged and not seen.told.is_balanced:
        raise Wrong(f"{year.day} {account}: {seen.told.reasons}")


def _refute(year: MoneyYear, before: date | None = None) -> None:
    """What was forged is named and counts for nobody, until two people take it back after the next statement."""
    office = year.office
    waiting = {row.receipt: row for row in office.read(mpesa_receipts.list_waiting, None)}
    if any(one.receipt not in waiting or waiting[one.receipt].is_proven for one in year.forged):
        raise Wrong(f"{year.day}: a forged payment is not named")
    if year.forged and _unproven(office) < sum(one.amount_cents for one in year.forged):
        raise Wrong(f"{year.day}: a forged payment could be paid out")
    kept = []
    for one in year.forged:
        if before is not None and one.paid_at >= moment_of(before, 0):
            kept.append(one)
            continue
        [(entry,)] = office.sql(
            "SELECT entry_number FROM mpesa_receipt WHERE receipt = ?", one.receipt
        )
        asked = ReversalRequest(int(entry), "M-Pesa does not know it.")
        office.write(decisions.ask_reversal, asked, office.grace)
        request = make.waiting_request(office, ApprovalKind.REVERSAL, int(entry))
        make.decide(office, request, office.lucy)
    if len(kept) < len(year.forged):
        year.forged = kept
        office.write(auto_matching.match_by_receipt, MPESA_PAYBILL, office.grace)


def _unproven(office: PracticeOffice) -> int:
    def read(work: Work, _nothing: None) -> int:
        return unproven_payments.unproven_cents(work)

    cents = office.read(read, None)
    if cents > office.balance(UNALLOCATED_RECEIPTS):
        raise Wrong("More is unproven than lies in the unallocated receipts.")
    return cents
