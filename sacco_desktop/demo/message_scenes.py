"""Messages of a practice office: delivered, in doubt, refused, waiting, and one that its member does not want."""

from __future__ import annotations

from uuid import uuid4

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.messages.answers import Became, Told
from sacco_desktop.domain.messages.rules import Wish
from sacco_desktop.domain.messages.words import Language
from sacco_desktop.services.books.work import CLOCK, Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.membership import members
from sacco_desktop.services.messages import (
    message_gateways,
    message_reports,
    message_sending,
    wishes,
)
from sacco_desktop.services.messages.message_gateways import TWILIO, BalanceTold, GatewayFacts
from sacco_desktop.services.messages.message_reports import Report
from sacco_desktop.services.messages.message_sending import Down, SendAnswered
from sacco_desktop.services.messages.wishes import NewWish
from sacco_desktop.services.office import approvals, setting_changes
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit

_PAID = (("M-0001", 1_500_00), ("M-0002", 2_000_00), ("M-0003", 750_00), ("M-0004", 5_000_00))
_ANSWERS = (
    (Told.TAKEN, "Twilio took it."),
    (Told.DOUBTFUL, "The connection to Twilio broke before an answer."),
    (Told.NUMBER_REFUSED, "Twilio: It is not a mobile number."),
)


def members_are_told(practice: PracticeOffice) -> None:
    """Messages are switched on, members pay in, and a gateway answers in all the ways that it can.

    Nothing leaves: what the gateway would have said is written down as if it had. At night the messages only wait.
    """
    books, ruth, peter = practice.office.books, practice.person("ruth"), practice.person("peter")
    facts = GatewayFacts(TWILIO, "http://127.0.0.1:8790", "AC" + "5" * 32, "+15005550006")
    books.write(message_gateways.save, facts, actor=ruth)
    for name, value in (("sms", TWILIO), ("quiet_from", "0"), ("quiet_until", "0")):
        today = business_date(practice.office.now())
        change = SettingChange(f"message.{name}", value, today)
        request = books.write(setting_changes.change_setting, change, actor=ruth).request_id
        assert request is not None, "these rules need two people"
        _agree(practice, request)
    ids = {
        number: books.read(members.find, number, actor=peter)[0].member_id for number, _ in _PAID
    }
    swahili = NewWish(ids["M-0002"], Wish.ALL, Language.SWAHILI, "At the counter")
    books.write(wishes.record, swahili, actor=peter)
    none = NewWish(ids["M-0004"], Wish.NONE, None, "By letter of this week")
    books.write(wishes.record, none, actor=peter)
    for number, cents in _PAID:
        _pay_in(practice, ids[number], cents)
    for told, words in _ANSWERS:
        order = books.write(message_sending.begin_next, Down(), actor=CLOCK)
        assert order is not None, "its message was just written"
        gateway_id = f"SM{order.attempt_id:032x}" if told is Told.TAKEN else ""
        answered = SendAnswered(order.attempt_id, told, words, gateway_id=gateway_id)
        books.write(message_sending.record_answer, answered, actor=CLOCK)
        if told is Told.TAKEN:
            report = Report(TWILIO, gateway_id, Became.DELIVERED, "The phone has it.", "USD 0.05")
            books.write(message_reports.take_in, report, actor=CLOCK)
    books.write(message_gateways.note_balance, BalanceTold(TWILIO, "USD 12.34"), actor=CLOCK)
    for number in ("M-0001", "M-0003"):
        _pay_in(practice, ids[number], 300_00)


def _pay_in(practice: PracticeOffice, member_id: int, cents: int) -> None:
    new = NewDeposit(uuid4().hex, member_id, cents, business_date(practice.office.now()))
    practice.office.books.write(deposits.take_cash, new, actor=practice.person("peter"))


def _fingerprint(work: Work, request_id: int) -> str:
    return approvals.load(work, request_id).fingerprint


def _agree(practice: PracticeOffice, request_id: int) -> None:
    books, daniel = practice.office.books, practice.person("daniel")
    shown = books.read(_fingerprint, request_id, actor=daniel)
    books.write(decisions.decide, Verdict(request_id, shown, Decision.APPROVE), actor=daniel)
