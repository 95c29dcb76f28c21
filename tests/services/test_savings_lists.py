"""The lists of the Savings page: what is expected of everybody, what was paid in, shares and products, each at once."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from sacco_desktop.documents.report_csv import write_csv
from sacco_desktop.documents.report_pdf import draw_report
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.obligations import Obligation
from sacco_desktop.domain.savings import Every
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.counter import unowned_money
from sacco_desktop.services.membership import members, share_list
from sacco_desktop.services.reports.printing import stamp_report
from sacco_desktop.services.reports.savings_more_papers import (
    WantedRows,
    WantedUnowned,
    cheques_report,
    products_report,
    unowned_report,
)
from sacco_desktop.services.reports.savings_papers import (
    WantedObligations,
    WantedReceipts,
    WantedShares,
    obligations_report,
    receipts_report,
    shares_report,
)
from sacco_desktop.services.reports.taken_lists import TakenList, note_taken
from sacco_desktop.services.savings import (
    members_cheques,
    obligations,
    savings_lists,
    savings_sheets,
)
from sacco_desktop.services.savings.members_cheques import ClearedCheque
from sacco_desktop.services.savings.obligations import ObligationQuestion
from sacco_desktop.services.savings.savings_lists import PaidInQuestion, PaidState
from sacco_desktop.services.today.to_do import to_do
from tests import make, make_check_offs, make_savings
from tests.documents.read_back import flat_text
from tests.make import PracticeOffice
from tests.statement_count import statements_of

TODAY = date(2026, 3, 16)  # a Monday
EVERYTHING = PaidInQuestion(date(2000, 1, 1), date(2030, 1, 1))


def _stands(office: PracticeOffice, as_of: date | None = None) -> dict[tuple[str, str], Obligation]:
    rows = office.read(obligations.list_obligations, ObligationQuestion(as_of), office.daniel)
    return {(row.number, row.product.code): row.stand for row in rows}


def _weekly(office: PracticeOffice, code: str, kes: int) -> None:
    """So much each Monday, from today on."""
    make_savings.other_terms(office, code, every=Every.WEEK, expected_cents=kes * 100, due_day=1)


def test_everybody_is_listed_with_what_is_paid_covered_and_overdue(office: PracticeOffice) -> None:
    early, none = make.member(office), make.member(office)
    make_savings.contribution(office, early, deposits=40)
    _weekly(office, "deposits", 100)
    _weekly(office, "welfare", 10)
    cheque = make_savings.contribution(office, early, PaidBy.CHEQUE, "77", deposits=210, welfare=5)
    assert _stands(office)[early.number, "deposits"].paid_cents == 4_000
    cleared = ClearedCheque(make.key(), cheque.receipt, TODAY)
    office.write(members_cheques.clear, cleared, office.grace)
    back = make_savings.contribution(office, none, deposits=500)
    asked = office.write(
        decisions.ask_reversal, ReversalRequest(back.entry_number, "Wrong member."), office.grace
    )
    make_savings.agree(office, asked, office.lucy)
    office.clock.advance(days=7)
    late = make.member(office)
    # Two Mondays were due of whoever was there on the first.
    assert _stands(office) == {
        (early.number, "deposits"): Obligation(
            20_000, 25_000, 5_000, 0, date(2026, 3, 23), None, date(2026, 3, 30)
        ),
        (early.number, "welfare"): Obligation(2_000, 500, 0, 1_500, None, TODAY, date(2026, 3, 30)),
        (none.number, "deposits"): Obligation(20_000, 0, 0, 20_000, None, TODAY, date(2026, 3, 30)),
        (none.number, "welfare"): Obligation(2_000, 0, 0, 2_000, None, TODAY, date(2026, 3, 30)),
        (late.number, "deposits"): Obligation(
            10_000, 0, 0, 10_000, None, date(2026, 3, 23), date(2026, 3, 30)
        ),
        (late.number, "welfare"): Obligation(
            1_000, 0, 0, 1_000, None, date(2026, 3, 23), date(2026, 3, 30)
        ),
    }
    # On an earlier day it stood otherwise, and a later day is told by the terms of today.
    assert _stands(office, TODAY)[early.number, "deposits"].ahead_cents == 15_000
    assert late.number not in {number for number, _code in _stands(office, TODAY)}
    assert _stands(office, date(2026, 4, 6))[none.number, "deposits"].overdue_cents == 40_000
    with pytest.raises(InvalidInput, match="a year ahead"):
        _stands(office, date(2027, 6, 1))
    office.without_guards(f"UPDATE member SET status = 'exited' WHERE id = {none.member_id}")
    assert none.number not in {number for number, _code in _stands(office)}


def test_what_was_paid_before_anything_could_be_owed_counts_for_nothing(
    office: PracticeOffice,
) -> None:
    """A member who joined between two times of expecting owes and pays from the second one on."""
    _weekly(office, "deposits", 100)
    office.clock.advance(days=7)
    make_savings.other_terms(office, "deposits", every=Every.NONE, expected_cents=0)
    between = make.member(office)
    make_savings.contribution(office, between, deposits=900)
    office.clock.advance(days=7)
    _weekly(office, "deposits", 50)
    make_savings.contribution(office, between, deposits=70)
    stand = _stands(office)[between.number, "deposits"]
    assert (stand.expected_cents, stand.paid_cents) == (5_000, 7_000)


def test_receipts_are_listed_with_whether_they_count(office: PracticeOffice) -> None:
    member = make.member(office)
    cash = make_savings.contribution(office, member, deposits=500, welfare=20)
    waits = make_savings.contribution(office, member, PaidBy.CHEQUE, "1", deposits=5)
    clear = make_savings.contribution(office, member, PaidBy.CHEQUE, "2", share_capital=6)
    done = office.write(
        members_cheques.clear, ClearedCheque(make.key(), clear.receipt, TODAY), office.grace
    )
    asked = ReversalRequest(done.entry_number, "The bank took it back.")
    office.write(decisions.ask_reversal, asked, office.grace)
    rows = office.read(savings_lists.list_contributions, EVERYTHING, office.daniel)
    assert [(row.receipt, row.state, row.back_is_asked) for row in rows] == [
        (clear.receipt, PaidState.COUNTS, True),
        (waits.receipt, PaidState.WAITS, False),
        (cash.receipt, PaidState.COUNTS, False),
    ]
    assert rows[0].counting_entry == done.entry_number
    assert (rows[2].words, rows[2].amount_cents) == ("Deposits, Welfare", 52_000)
    cheques = office.read(savings_lists.list_cheques, None, office.daniel)
    assert [row.receipt for row in cheques] == [waits.receipt, clear.receipt]
    # Taken back, the clearing waits again.
    (request,) = office.sql("SELECT max(id) FROM approval_request")[0]
    make_savings.agree(office, request, office.lucy)
    cheques = office.read(savings_lists.list_cheques, None, office.daniel)
    assert [row.state for row in cheques] == [PaidState.WAITS, PaidState.WAITS]
    before = PaidInQuestion(date(2026, 3, 1), date(2026, 3, 15))
    assert office.read(savings_lists.list_contributions, before, office.daniel) == ()


def test_shares_stand_beside_the_least_and_products_beside_what_is_held(
    office: PracticeOffice,
) -> None:
    rich, poor = make.member(office), make.member(office)
    make.setting(office, "share_capital.minimum_cents", "100000")
    make_savings.contribution(office, rich, share_capital=1_500)
    make_savings.contribution(office, poor, share_capital=400)
    rows = office.read(share_list.list_shares, None, office.daniel)
    assert [(row.held_cents, row.missing_cents, row.is_below) for row in rows] == [
        (150_000, 0, False),
        (40_000, 60_000, True),
    ]
    office.without_guards("UPDATE member SET status = 'exited'")
    office.without_guards(f"UPDATE member SET status = 'active' WHERE id = {rich.member_id}")
    rows = office.read(share_list.list_shares, None, office.daniel)
    assert [(row.status, row.missing_cents) for row in rows] == [("active", 0), ("exited", 0)]
    make_savings.terms_request(office, "welfare", date(2026, 4, 1), preset_cents=20_000)
    sheets = office.read(savings_sheets.list_sheets, None, office.daniel)
    assert [(one.product.code, one.held_cents, one.is_asked) for one in sheets] == [
        ("deposits", 0, False),
        ("special_savings", 0, False),
        ("share_capital", 190_000, False),
        ("welfare", 0, True),
    ]


def test_no_list_asks_for_each_member(office: PracticeOffice) -> None:
    _weekly(office, "deposits", 100)
    _weekly(office, "welfare", 10)
    readings: dict[str, Callable[[], object]] = {
        "expected": partial(office.read, obligations.list_obligations, ObligationQuestion()),
        "paid in": partial(office.read, savings_lists.list_contributions, EVERYTHING),
        "cheques": partial(office.read, savings_lists.list_cheques, None),
        "shares": partial(office.read, share_list.list_shares, None),
        "products": partial(office.read, savings_sheets.list_sheets, None),
    }

    def join_and_pay() -> None:
        member = make.member(office)
        make_savings.contribution(office, member, deposits=50, welfare=5, share_capital=1)
        make_savings.contribution(office, member, PaidBy.CHEQUE, make.key(), deposits=50)
        office.clock.advance(days=1)

    join_and_pay()
    few = {name: statements_of(office, read) for name, read in readings.items()}
    for _ in range(3):
        join_and_pay()
    assert {name: statements_of(office, read) for name, read in readings.items()} == few


def test_each_list_leaves_as_it_is_shown(office: PracticeOffice) -> None:
    jane, amina = (make.member(office, first_name=name) for name in ("Jane", "Amina"))
    _weekly(office, "deposits", 100)
    paid = make_savings.contribution(office, jane, deposits=40, welfare=5)
    back = make_savings.contribution(office, amina, PaidBy.BANK, "FT 1", share_capital=9)
    asked = ReversalRequest(back.entry_number, "Wrong member.")
    request = office.write(decisions.ask_reversal, asked, office.grace)
    make_savings.agree(office, request, office.lucy)
    rows = office.read(savings_lists.list_contributions, EVERYTHING)
    ids = tuple(row.contribution_id for row in rows)
    receipts = WantedReceipts(ids, EVERYTHING, "All 2", is_paper=True)
    report = office.read(receipts_report, receipts, office.daniel)
    assert [row.cells[1] for row in report.rows] == [back.receipt, paid.receipt, ""]
    assert report.rows[-1].cells[-1] == 4_500
    keys = tuple(row.key for row in office.read(obligations.list_obligations, ObligationQuestion()))
    expected = WantedObligations(keys, TODAY, "All 2", is_paper=True)
    report = office.read(obligations_report, expected, office.daniel)
    assert report.rows[-1].cells[3:6] == (20_000, 4_000, 16_000)
    paper = flat_text(draw_report(office.write(stamp_report, report, office.daniel)))
    for said in ("What members are expected to pay in", "Jane", "16 Mar 2026", "160.00"):
        assert said in paper
    some = WantedShares((amina.member_id,), "1 of 2, filtered by Without shares", is_paper=False)
    report = office.read(shares_report, some, office.daniel)
    office.write(note_taken, TakenList(report, "CSV", "share capital"), office.daniel)
    assert office.count("audit_row", "action = 'exported a list of share capital'") == 1
    head, line = write_csv(report).decode("utf-8-sig").splitlines()
    assert head.startswith('"No.","Name","Status","Share capital KES"')
    assert line.startswith('"M-0002","Amina Njeri Otieno","Active","0.00","0.00"')
    _more_lists_leave_alike(office)
    with pytest.raises(InvalidInput, match="nothing on this list"):
        office.read(shares_report, WantedShares((), "All 0", is_paper=True), office.daniel)


def _more_lists_leave_alike(office: PracticeOffice) -> None:
    """Cheques, products and check-off money without owner."""
    (jane, *_rest) = office.read(members.list_members, None)
    make_savings.contribution(office, jane, PaidBy.CHEQUE, "000123", deposits=70)
    make_check_offs.posted(office, (("M-0999", 300), (jane.number, 10)))
    ids = tuple(row.contribution_id for row in office.read(savings_lists.list_cheques, None))
    cheques = office.read(cheques_report, WantedRows(ids, "All 1", is_paper=True), office.daniel)
    assert [row.cells[-1] for row in cheques.rows] == [7_000, 7_000]
    sheets = office.read(savings_sheets.list_sheets, None)
    products = tuple(one.product.product_id for one in sheets)
    listed = office.read(products_report, WantedRows(products, "All", is_paper=True))
    assert [row.cells[0] for row in listed.rows][:1] == ["Deposits"]
    keys = tuple(one.key for one in office.read(unowned_money.list_unowned, None))
    unowned = office.read(unowned_report, WantedUnowned(keys, "All 1", is_paper=True))
    paper = flat_text(draw_report(office.write(stamp_report, unowned, office.daniel)))
    for said in ("Check-off money without owner", "M-0999", "County", "300.00"):
        assert said in paper
    waiting = {one.key: one for one in office.read(to_do, None, office.grace)}
    assert (waiting["cheques"].count, waiting["cheques"].cents) == (1, 7_000)
    assert waiting["no_owner"].words == "check-off line without owner, since 16 Mar 2026"
    assert waiting["no_owner"].place == "savings/no_owner-waits"
    assert not {"cheques", "no_owner"} & {
        one.key for one in office.read(to_do, None, office.daniel)
    }
