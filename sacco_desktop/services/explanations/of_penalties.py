"""Reads what stands behind a penalty: its rule on its day, what was late, and the entries."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import Entry, PenaltyCharge, PenaltyPayment, PenaltyTermsRow
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.explanations import penalties
from sacco_desktop.domain.explanations.explanation import EntryLine, Explanation, Frame, Source
from sacco_desktop.domain.explanations.penalties import ChargeToExplain
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.charging import penalty_list
from sacco_desktop.services.explanations import sources
from sacco_desktop.services.explanations.question import Question
from sacco_desktop.services.membership import members
from sacco_desktop.services.penalties import penalty_rows, penalty_rules
from sacco_desktop.services.penalties.penalty_rows import Kept


def penalty(work: Work, question: Question) -> Explanation:
    """Why the charge with this id is so much. Raises NotFound."""
    found = penalty_rows.read(work, PenaltyCharge.id == question.about)
    if not found:
        raise NotFound("There is no such penalty.")
    one = found[0]
    row = work.session.get_one(PenaltyTermsRow, one.terms_id)
    terms = penalty_rules.terms_of_row(row)
    member = members.named(work, one.member_id)
    rests_on = [Source(f"Rule ‘{terms.name}’ under Penalties & fines", row.effective_on)]
    if one.charged.cents < one.uncapped_cents:
        rests_on.append(sources.of_setting(work, "penalty.cap", one.charged.on))
    charge = ChargeToExplain(
        terms,
        one.spans,
        one.penalties_cents,
        one.charged.cents,
        one.uncapped_cents,
        one.paid_cents,
        one.waived_cents,
        terms.growth[one.charged.stage - 1] if one.charged.stage else None,
    )
    about = f"{member.full_name}, {member.number}"
    frame = Frame(about, one.charged.on, tuple(rests_on), _entries(work, one))
    return penalties.penalty(charge, penalty_list.why_words(one), frame)


def _entries(work: Work, one: Kept) -> tuple[EntryLine, ...]:
    moved = {one.entry_number: one.charged.cents} if one.entry_number is not None else {}
    paid = work.session.execute(
        select(PenaltyPayment.entry_number, PenaltyPayment.cents).where(
            PenaltyPayment.charge_id == one.charge_id, ~penalty_rows.TAKEN_BACK
        )
    )
    moved |= {number: -cents for number, cents in paid}
    rows = work.session.scalars(select(Entry).where(Entry.number.in_(moved)).order_by(Entry.number))
    return tuple(
        EntryLine(row.number, row.value_date, row.narration, moved[row.number]) for row in rows
    )
