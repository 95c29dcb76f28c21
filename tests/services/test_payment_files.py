"""The payment file: who acted, every request and notice, every move and entry of one payout, on one paper."""

import pytest

from sacco_desktop.documents.payment_file import draw_payment_file
from sacco_desktop.documents.preview import page_count
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.payouts import hand_overs
from sacco_desktop.services.payouts.hand_overs import CameBack, Confirmation
from sacco_desktop.services.sending import payment_files
from sacco_desktop.services.sending.payment_paper import PaymentFile
from tests import make, make_payments
from tests.make import PracticeOffice


def _file(office: PracticeOffice, payout_id: int) -> PaymentFile:
    return office.write(payment_files.payment_file, payout_id, office.daniel)


def test_the_file_of_a_paid_loan_tells_everything_on_one_page(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    order = make.accepted(office, via=via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    paper = _file(office, order.payout_id)
    assert [(each.act, each.full_name) for each in paper.people] == [
        ("Asked", "Grace Wanjiru"),
        ("Approved", "Lucy Chebet"),
        ("Sent", "Grace Wanjiru"),
    ]
    assert order.originator_conversation_id in paper.people[-1].detail
    assert paper.evidence.startswith("Claimed: ")
    assert [line.reading for line in paper.requests] == ["accepted 0 M-Pesa's words."]
    ((notice),) = paper.notices
    assert (notice.relay, notice.sequence, len(notice.hash)) == ("relay one", 1, 64)
    numbers = [entry.number for entry in paper.entries]
    assert numbers == [make.payout_now(office, order).entry_number, numbers[0] + 1]
    hashes = office.sql("SELECT hash FROM journal_entry WHERE number >= ?", numbers[0])
    assert [entry.hash for entry in paper.entries] == [row[0] for row in hashes]
    ((fingerprint,),) = office.sql("SELECT fingerprint FROM payout")
    assert paper.fingerprint == fingerprint
    assert page_count(draw_payment_file(paper)) == 1


def test_a_proof_by_another_relay_is_named(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    other = make.route(office, make.relay(office, "relay two"))
    order = make.doubtful(office, via=via)
    question = make.ask(office, order, other)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    make.arrive(office, other.relay_id, (question.tag, make.status_news(question, order)))
    paper = _file(office, order.payout_id)
    assert paper.evidence.startswith("Verified: M-Pesa says so through two relays")
    assert [line.words for line in paper.questions] == ["Completed"]
    assert {notice.relay for notice in paper.notices} == {"relay one", "relay two"}


def test_the_file_of_a_bank_payment_names_every_hand(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, row)
    back = CameBack(row.payout_id, make.payout_now(office, row).version, "Account closed.")
    office.write(hand_overs.came_back, back, office.grace)
    paper = _file(office, row.payout_id)
    assert [(each.act, each.detail) for each in paper.people[-2:]] == [
        ("Put into the file", "BF-2026-0001"),
        ("Came back", "Account closed."),
    ]
    assert (paper.entries, paper.fingerprint) == ((), "")
    assert page_count(draw_payment_file(paper)) == 1


def test_a_confirmed_bank_payment_says_by_what_it_is_known(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, row)
    version = make.payout_now(office, row).version
    seen = Confirmation(row.payout_id, version, "FT26075XYZ", make.day(office))
    office.write(hand_overs.confirm, seen, office.grace)
    paper = _file(office, row.payout_id)
    assert paper.evidence == "Verified: Grace Wanjiru found it at the bank: FT26075XYZ."
    assert ("Reference", "FT26075XYZ") in paper.facts


def test_each_print_is_numbered_and_known_again(office: PracticeOffice) -> None:
    row = make.requested_payout(office)
    first, second = _file(office, row.payout_id), _file(office, row.payout_id)
    assert first.stamp.fingerprint == second.stamp.fingerprint
    assert (first.stamp.copy_number, second.stamp.copy_number) == (1, 2)
    make.approve_payout(office, row, office.lucy)
    assert _file(office, row.payout_id).stamp.fingerprint != first.stamp.fingerprint
    with pytest.raises(NotFound):
        _file(office, 99)
