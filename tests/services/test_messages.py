"""Messages to members: written with the event, sent once, in doubt for as long as nobody knows, and never lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.domain.messages.answers import Became, Told
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.rules import Wish
from sacco_desktop.domain.messages.states import Channel, MessageState
from sacco_desktop.domain.messages.words import Language
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.messages import (
    message_decisions,
    message_gateways,
    message_list,
    message_reports,
    message_sending,
    message_stops,
    outbox,
    wishes,
)
from sacco_desktop.services.messages.message_decisions import MessageDecision
from sacco_desktop.services.messages.message_gateways import AFRICAS_TALKING, TWILIO, GatewayFacts
from sacco_desktop.services.messages.message_reports import Report
from sacco_desktop.services.messages.message_stops import GoOn
from sacco_desktop.services.messages.outbox import Notice
from sacco_desktop.services.messages.wishes import NewWish
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.services.reminding import instalment_reminders
from sacco_desktop.services.reminding.instalment_reminders import ReminderSlice
from tests import make, make_guarantors, make_loans, make_members, make_messages, make_penalties
from tests.make import PracticeOffice

S = MessageState


def test_nothing_is_written_down_before_the_society_says_so(office: PracticeOffice) -> None:
    make.member(office, deposits_kes=1_000)
    assert office.count("message") == 0
    assert not office.read(message_list.head, None).is_on


def test_each_event_of_the_office_is_told_once_with_its_figures(office: PracticeOffice) -> None:
    make_messages.messages_on(office)
    make_penalties.switch_on(office, "late_instalment")
    loan = make_loans.active_loan(office)
    guarantor = make_guarantors.guarantor(office, 60_000)
    make_guarantors.agreed(office, loan.loan_id, guarantor, 50_000)
    office.clock.advance(days=61)
    make_penalties.charge(office)
    said = {row.event: row.text for row in make_messages.outbox(office)}
    assert said[Event.PAYMENT_RECEIVED].startswith(
        "Umoja Practice SACCO: John, we received KES 60,000 for Deposits"
    )
    assert "loan L-0001 of KES 100,000 is approved" in said[Event.LOAN_APPROVED]
    assert "of loan L-0001 was paid to you on 16 Mar 2026" in said[Event.LOAN_PAID_OUT]
    assert "asks you to guarantee KES 50,000 of loan L-0001" in said[Event.GUARANTOR_ASKED]
    assert "you guarantee KES 50,000 of loan L-0001" in said[Event.GUARANTOR_ACCEPTED]
    assert "Late instalment, loan L-0001" in said[Event.PENALTY_CHARGED]
    count = office.count("message")
    assert count == len({(r.event, r.text) for r in make_messages.outbox(office)})
    make_penalties.charge(office)
    assert office.count("message") == count


def test_a_member_is_written_to_as_the_member_wishes(office: PracticeOffice) -> None:
    make_messages.messages_on(office)
    member = make.member(office)

    def wish(wish: Wish, language: Language | None = None) -> None:
        new = NewWish(member.member_id, wish, language, "at the counter")
        office.write(wishes.record, new, office.peter)

    with pytest.raises(InvalidInput, match="Write how the member said so"):
        office.write(wishes.record, NewWish(member.member_id, Wish.NONE, None, " "), office.peter)
    wish(Wish.ALL, Language.SWAHILI)
    make.deposit(office, member, 100)
    wish(Wish.NONE)
    make.deposit(office, member, 200)
    wish(Wish.NO_REMINDERS)
    make.deposit(office, member, 300)
    swahili, not_wanted, notice = make_messages.outbox(office)
    assert "tumepokea KES 100 za" in swahili.text
    assert (not_wanted.state, not_wanted.words) == (
        S.DROPPED, "The member does not want such messages.",
    )  # fmt: skip
    assert (notice.state, "we received KES 300" in notice.text) == (S.WAITING, True)
    # What waits when the member says stop does not go out any more.
    wish(Wish.NONE)
    assert make_messages.none_left(office)
    assert [row.state for row in make_messages.outbox(office)] == [S.DROPPED] * 3


def test_what_cannot_be_rendered_stops_no_payment(office: PracticeOffice) -> None:
    """A text that one name makes too long, and a society without a telephone."""
    make_messages.messages_on(office)
    long = "message.text.payment_received.en"
    make.setting(office, long, "{name} " + "a" * 290)
    member = make.member(office, deposits_kes=10, first_name="Mũthoni")
    (row,) = make_messages.outbox(office)
    assert row.state is S.DROPPED
    assert "parts, and 4 are the most" in row.words
    assert row.text == ""
    again = MessageDecision(row.message_id, row.version, "It was shortened")
    with pytest.raises(WrongState):
        office.write(message_decisions.send_again, again, office.grace)
    make.setting(office, long, "{name}, {amount} came. {office_phone}")
    office.sql("UPDATE society SET phone = ''")
    make.deposit(office, member, 20)
    assert make_messages.outbox(office)[-1].text == "Mũthoni, KES 20 came. our office"
    with pytest.raises(InvalidInput, match=r"There is no field \{balance\}"):
        make.setting(office, long, "{name} has {balance}")


def test_a_message_is_sent_once_and_reported_in_any_order(office: PracticeOffice) -> None:
    make_messages.messages_on(office, TWILIO)
    make.member(office, deposits_kes=10)
    order = make_messages.begun(office)
    assert (order.gateway, order.address) == (TWILIO, "254712345001")
    assert "KES 10" in order.text
    assert "712345001" not in repr(order)
    assert make_messages.none_left(office)
    row = make_messages.told(office, order, Told.TAKEN, cost="USD 0.05")
    assert (row.state, row.cost) == (S.SENT, "USD 0.05")
    # The same answer again, and another one that contradicts it, change nothing.
    assert make_messages.told(office, order, Told.NOT_SENT).state is S.SENT
    assert office.read(message_reports.due, None) == ()
    office.clock.advance(minutes=1)
    (due,) = office.read(message_reports.due, None)
    office.write(message_reports.asked, due.message_id)
    assert office.read(message_reports.due, None) == ()

    def report(became: Became, gateway_id: str = due.gateway_id) -> str:
        words = f"It is {became.value}."
        return office.write(
            message_reports.take_in, Report(TWILIO, gateway_id, became, words, "USD 0.06")
        )

    assert report(Became.DELIVERED, "of somebody else") == "It belongs to no message of ours."
    assert report(Became.DELIVERED, "") == "It belongs to no message of ours."
    assert report(Became.OPEN) == "It changed nothing."
    assert report(Became.DELIVERED) == "It is delivered."
    assert report(Became.FAILED) == "It changed nothing."
    assert make_messages.of_attempt(office, order).state is S.DELIVERED


def test_what_may_have_gone_out_is_sent_again_by_a_person_only(office: PracticeOffice) -> None:
    make_messages.messages_on(office, AFRICAS_TALKING, TWILIO)
    make.member(office, deposits_kes=10)
    order = make_messages.begun(office)
    row = make_messages.told(office, order, Told.DOUBTFUL)
    assert row.state is S.UNKNOWN
    assert row.words.endswith("It may have gone out all the same.")
    office.clock.advance(hours=5)
    assert make_messages.none_left(office)
    decision = MessageDecision(row.message_id, row.version, "The member says nothing came")
    for wrong, kind in (
        (replace(decision, reason=" "), InvalidInput),
        (replace(decision, version=99), ChangedMeanwhile),
        (replace(decision, message_id=99), NotFound),
    ):
        with pytest.raises(kind):
            office.write(message_decisions.send_again, wrong, office.grace)
    office.write(message_decisions.send_again, decision, office.grace)
    again = make_messages.begun(office)
    # The first call's answer is late, and changes nothing of the second.
    assert make_messages.told(office, order, Told.TAKEN).state is S.SENDING
    row = make_messages.told(office, again, Told.DOUBTFUL)
    assert row.state is S.UNKNOWN
    office.write(
        message_decisions.leave,
        MessageDecision(row.message_id, row.version, "Told by phone"),
        office.peter,
    )
    assert make_messages.of_attempt(office, again).state is S.DROPPED
    assert [call.status for call in office.read(message_list.history, row.message_id)] == [
        "taken", "unknown",
    ]  # fmt: skip


def test_a_late_answer_ends_the_doubt_of_a_crash(office: PracticeOffice) -> None:
    """Killed before the call, in it, or before its answer was written: it looks the same, and is a doubt."""
    make_messages.messages_on(office)
    make.member(office, deposits_kes=10)
    member = make.member(office, deposits_kes=20)
    first = make_messages.begun(office)
    assert office.write(message_sending.recover, None) == 1
    assert office.write(message_sending.recover, None) == 0
    row = make_messages.of_attempt(office, first)
    assert (row.state, row.member_id == member.member_id) == (S.UNKNOWN, False)
    assert "The program stopped while this was sent" in row.words
    assert make_messages.told(office, first, Told.TAKEN).state is S.SENT
    second = make_messages.begun(office)
    office.write(message_sending.recover, None)
    # Surely not sent: it is no doubt any more, and a person may have it sent again.
    assert make_messages.told(office, second, Told.NOT_SENT).state is S.FAILED


def test_what_surely_did_not_leave_goes_by_the_gateway_in_reserve(office: PracticeOffice) -> None:
    make_messages.messages_on(office, AFRICAS_TALKING, TWILIO)
    for kes in (10, 20, 30):
        make.member(office, deposits_kes=kes)
    first = make_messages.begun(office)
    assert make_messages.told(office, first, Told.REFUSED).state is S.WAITING
    other = make_messages.begun(office)
    assert (first.gateway, other.gateway) == (AFRICAS_TALKING, TWILIO)
    assert other.text == first.text
    assert make_messages.told(office, other, Told.REFUSED).state is S.WAITING
    # Both refused it: it has failed, and the next one has its turn.
    third = make_messages.begun(office)
    assert make_messages.of_attempt(office, other).state is S.FAILED
    assert "KES 20" in third.text
    assert make_messages.told(office, third, Told.NUMBER_REFUSED).state is S.FAILED
    # Its gateway cannot be reached: the other one takes it at once, or it waits a little longer each time.
    fourth = make_messages.begun(office)
    assert make_messages.told(office, fourth, Told.NOT_SENT).state is S.WAITING
    fifth = make_messages.begun(office, AFRICAS_TALKING)
    assert (fifth.gateway, fifth.text) == (TWILIO, fourth.text)
    assert make_messages.told(office, fifth, Told.NOT_SENT).not_before > office.clock.now()
    assert make_messages.none_left(office)
    office.clock.advance(minutes=1)
    assert make_messages.begun(office).text == fourth.text


def test_a_gateway_that_refuses_us_stands_still_and_nothing_is_lost(
    office: PracticeOffice,
) -> None:
    make_messages.messages_on(office)
    make.member(office, deposits_kes=10)
    make.member(office, deposits_kes=20)
    order = make_messages.begun(office)
    words = "Africa's Talking does not accept our key. Check it in Settings."
    row = make_messages.told(office, order, Told.GATEWAY_REFUSES_US, words=words, code="401")
    assert (row.state, row.words) == (S.WAITING, words)
    office.clock.advance(hours=1)
    assert make_messages.none_left(office)
    (stop,) = office.read(message_stops.standing, None)
    assert stop.words.startswith("Africa's Talking stands still. Africa's Talking does not accept")
    assert office.read(message_list.head, None).stops == (stop,)
    with pytest.raises(InvalidInput):
        office.write(message_stops.go_on, GoOn(AFRICAS_TALKING, " "), office.admin)
    with pytest.raises(WrongState):
        office.write(message_stops.go_on, GoOn(TWILIO, "nothing"), office.admin)
    office.write(message_stops.go_on, GoOn(AFRICAS_TALKING, "A new key"), office.admin)
    assert make_messages.begun(office).text == order.text
    office.write(message_stops.stop_all, "The text was wrong", office.grace)
    with pytest.raises(WrongState):
        office.write(message_stops.stop_all, "Again", office.grace)
    assert make_messages.none_left(office)
    office.write(message_stops.go_on, GoOn(message_stops.ALL, "Put right"), office.grace)
    assert "KES 20" in make_messages.begun(office).text


def test_nobody_is_woken_flooded_or_told_old_news(office: PracticeOffice) -> None:
    make_messages.messages_on(office)
    make.setting(office, "message.daily_cap", "2")
    office.clock.advance(hours=11, minutes=30)
    member = make.member(office, deposits_kes=10)
    make.deposit(office, member, 20)
    make.deposit(office, member, 30)
    assert make_messages.none_left(office)
    office.clock.advance(hours=10, minutes=30)
    for _ in range(2):
        make_messages.told(office, make_messages.begun(office), Told.TAKEN)
    assert make_messages.none_left(office)
    office.clock.advance(days=1)
    make_messages.told(office, make_messages.begun(office), Told.TAKEN)
    make.deposit(office, member, 40)
    make.deposit(office, member, 50)
    make_messages.told(office, make_messages.begun(office), Told.TAKEN)
    office.clock.advance(days=4)
    assert make_messages.none_left(office)
    old = make_messages.outbox(office)[-1]
    assert (old.state, old.words) == (S.DROPPED, "It waited so long that it is no news any more.")


def test_a_new_number_and_a_death_hold_messages_back(office: PracticeOffice) -> None:
    make_messages.messages_on(office)
    member = make.member(office, deposits_kes=10)
    now = next(
        r for r in office.read(members.list_members, None) if r.member_id == member.member_id
    )
    change = PhoneChange(now.member_id, now.version, "0799 888 777")
    office.write(phone_changes.change_phone, change, office.peter)
    make.deposit(office, member, 20)
    assert make_messages.none_left(office)
    first, second = make_messages.outbox(office)
    assert (first.state, first.words) == (
        S.DROPPED, "The member has another number or address by now.",
    )  # fmt: skip
    assert (second.state, second.address) == (S.WAITING, "0799 •••777")
    office.clock.advance(hours=47)
    assert make_messages.none_left(office)
    office.clock.advance(hours=1)
    assert make_messages.begun(office).address == "254799888777"
    make.deposit(office, member, 30)
    row = next(
        r for r in office.read(members.list_members, None) if r.member_id == member.member_id
    )
    make_members.became(office, row, MemberStatus.DECEASED)
    assert make_messages.none_left(office)
    assert make_messages.outbox(office)[-1].words == "The member has died."


def test_a_code_leaves_at_once_and_nobody_reads_it_in_the_office(office: PracticeOffice) -> None:
    make_messages.messages_on(office)
    make.setting(office, "message.daily_cap", "1")
    member = make.member(office, deposits_kes=10)
    office.write(
        wishes.record, NewWish(member.member_id, Wish.NONE, None, "by letter"), office.peter
    )
    office.clock.advance(hours=14)

    def ask(work: Work, _nothing: None) -> None:
        values = {"code": "482915", "minutes": "10"}
        outbox.tell(
            work, Notice(Event.PHONE_CODE, member.member_id, member.number, "1", lambda _l: values)
        )

    office.write(ask, None)
    office.write(ask, None)
    order = make_messages.begun(office)
    assert "482915 is your code" in order.text
    row = make_messages.of_attempt(office, order)
    assert (row.text, row.channel) == ("", Channel.SMS)
    assert "482915" in make_messages.text_kept(office, row.message_id)
    assert office.count("message", "event = 'phone_code'") == 1


def test_a_gateway_is_set_up_by_what_its_own_page_shows(office: PracticeOffice) -> None:
    for facts, field in (
        (GatewayFacts("pigeon", "", "a", "b"), "gateway"),
        (GatewayFacts(AFRICAS_TALKING, "", " ", ""), "account"),
        (GatewayFacts(TWILIO, "", "AC1", ""), "sender"),
        (GatewayFacts("smtp", "smtp://mail.invalid", "", "no address"), "sender"),
    ):
        with pytest.raises(InvalidInput) as refused:
            office.write(message_gateways.save, facts, office.admin)
        assert refused.value.field == field
    with pytest.raises(NotFound, match="Twilio is not set up yet"):
        office.read(message_gateways.current, TWILIO)
    make_messages.messages_on(office, TWILIO)
    told = message_gateways.BalanceTold(TWILIO, "USD 12.34")
    office.write(message_gateways.note_balance, told)
    (row,) = office.read(message_list.head, None).gateways
    assert (row.balance, row.balance_at) == ("USD 12.34", office.clock.now())


def test_instalments_are_reminded_of_once_and_guarantors_hear_of_those_missed(
    office: PracticeOffice,
) -> None:
    make_messages.messages_on(office)
    loan = make_loans.active_loan(office)
    guarantor = make_guarantors.guarantor(office, 60_000)
    make_guarantors.agreed(office, loan.loan_id, guarantor, 50_000)
    before = office.count("message")

    def remind() -> list[tuple[Event, str]]:
        seen = office.count("message")
        found = office.write(instalment_reminders.remind_slice, ReminderSlice(None))
        assert (found.last_id, found.written) == (None, office.count("message") - seen)
        return [(row.event, row.text) for row in make_messages.outbox(office)[seen:]]

    assert remind() == []
    office.clock.advance(days=28)
    ((soon, text),) = remind()
    assert soon is Event.INSTALMENT_SOON
    assert "of loan L-0001 is due on 16 Apr 2026, in 3 days" in text
    assert remind() == []
    office.clock.advance(days=3)
    ((today, text),) = remind()
    assert (today, "is due today, 16 Apr 2026" in text) == (Event.INSTALMENT_TODAY, True)
    # The PC is off for ten days: that it became late is still said, and once.
    office.clock.advance(days=10)
    (late, text), (missed, to_guarantor) = remind()
    assert (late, missed) == (Event.INSTALMENT_OVERDUE, Event.GUARANTOR_MISSED)
    assert "is late since 16 Apr 2026, 10 days" in text
    assert "You guarantee this loan" in to_guarantor
    office.clock.advance(days=5)
    assert remind() == []
    assert office.count("message") == before + 4
