"""The checklist of a loan: ticked with day and person, named where it is kept, and a wall or a warning."""

from datetime import UTC, datetime

import pytest

from sacco_desktop.domain.checklist import NeededPaper, PaperStep, papers_check
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, SaccoError
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import eligibility, loan_papers, loans
from sacco_desktop.services.lending.loan_papers import Tick, Ticks
from sacco_desktop.services.lending.loans import Appraisal
from sacco_desktop.services.membership import member_documents
from sacco_desktop.services.membership.member_documents import NewDocument
from sacco_desktop.services.membership.member_files import Holder
from tests import make
from tests.make import PracticeOffice

_PDF = b"%PDF-1.4 a pay slip %%EOF"


def papers(office: PracticeOffice, loan_id: int, step: PaperStep = PaperStep.APPRAISAL) -> Check:
    def read(work: Work, key: int) -> Check:
        return loan_papers.checks_of(work, loans.load(work, key), step)[0]

    return office.read(read, loan_id)


def test_what_is_missing_is_named_for_its_step() -> None:
    needed = (NeededPaper("a", "Form"), NeededPaper("b", "Agreement", PaperStep.PAYOUT))
    first = papers_check(needed, {"a"}, PaperStep.APPRAISAL, only_warns=False)
    assert first is not None
    assert (first.passed, first.stops) == (True, False)
    later = papers_check(needed, {"a"}, PaperStep.PAYOUT, only_warns=False)
    assert later is not None
    assert (later.words, later.stops) == ("Missing: Agreement.", True)
    assert papers_check((), (), PaperStep.PAYOUT, only_warns=False) is None


def test_papers_are_ticked_by_a_person_and_stop_the_appraisal_until_then(
    office: PracticeOffice,
) -> None:
    of = make.member(office, deposits_kes=100_000)
    new = make.application(of, 100_000, product_code="secured")
    row = office.write(loans.apply, new, office.peter)
    missing = "Missing: Signed application form; Copy of the ID; Pay slips of three months."
    assert papers(office, row.loan_id).words == missing
    with pytest.raises(SaccoError, match=f"Papers: {missing}"):
        office.write(loans.appraise, Appraisal(row.loan_id, row.version, "Good."), office.peter)

    holder = Holder(member_id=of.member_id)
    kept = office.write(
        member_documents.add, NewDocument(holder, "other", "slips.pdf", _PDF), office.peter
    )
    seen = (
        Tick("signed_form", is_there=True),
        Tick("id_copy", is_there=True),
        Tick("pay_slips", is_there=True, document_id=kept.document_id),
    )
    with pytest.raises(NotAllowed):
        office.write(loan_papers.tick, Ticks(row.loan_id, seen), office.daniel)
    office.write(loan_papers.tick, Ticks(row.loan_id, seen), office.peter)
    office.write(loan_papers.tick, Ticks(row.loan_id, seen), office.grace)
    found = office.read(loan_papers.look, row.loan_id, office.grace)
    slips = next(line for line in found.lines if line.code == "pay_slips")
    # Who saw it first stays, for nothing was new to the second person.
    assert (slips.seen_by, slips.document_id) == ("Peter Kamau", kept.document_id)
    assert slips.seen_at == datetime(2026, 3, 16, 6, tzinfo=UTC)
    assert papers(office, row.loan_id).passed
    assert papers(office, row.loan_id, PaperStep.PAYOUT).words == "Missing: Signed loan agreement."

    gone = Ticks(row.loan_id, (Tick("id_copy", is_there=False),))
    office.write(loan_papers.tick, gone, office.peter)
    make.setting(office, "loan.papers", "warn")
    warned = papers(office, row.loan_id)
    assert (warned.passed, warned.stops) == (False, False)
    with pytest.raises(SaccoError) as refused:
        office.write(loans.appraise, Appraisal(row.loan_id, row.version, "Good."), office.peter)
    assert "Papers" not in refused.value.message


def test_the_paper_of_another_member_is_not_named(office: PracticeOffice) -> None:
    of, other = make.member(office, deposits_kes=100_000), make.member(office)
    new = make.application(of, 100_000, product_code="secured")
    row = office.write(loans.apply, new, office.peter)
    holder = Holder(member_id=other.member_id)
    kept = office.write(
        member_documents.add, NewDocument(holder, "other", "a.pdf", _PDF), office.peter
    )
    tick = Tick("id_copy", is_there=True, document_id=kept.document_id)
    with pytest.raises(InvalidInput, match="not in the member's file"):
        office.write(loan_papers.tick, Ticks(row.loan_id, (tick,)), office.peter)
    wrong = Ticks(row.loan_id, (Tick("passport", is_there=True),))
    with pytest.raises(InvalidInput, match="does not ask"):
        office.write(loan_papers.tick, wrong, office.peter)


def test_a_product_without_papers_has_no_such_rule(office: PracticeOffice) -> None:
    of = make.member(office, deposits_kes=100_000)
    row = office.write(loans.apply, make.application(of), office.peter)

    def rules(work: Work, key: int) -> set[str]:
        return {check.rule for check in eligibility.checks_of(work, loans.load(work, key))}

    assert "papers" not in office.read(rules, row.loan_id)
