"""What the panel says of one loan: terms, deductions, what comes next and who can do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sacco_desktop.domain.application_form import stated_lines
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.smaller_sum import Wanted
from sacco_desktop.domain.term_words import term_facts
from sacco_desktop.services.lending.loan_standing import LoanStanding
from sacco_desktop.services.lending.loans import LoanDetail, LoanRow
from sacco_desktop.services.payouts.loan_steps import LoanSheet, NextStep
from sacco_desktop.ui.pages.loans.columns import chip_of
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import NamedAmount
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction, Step

_FIRST_SHOWN = 3

Facts = tuple[tuple[str, str], ...]


def short_details(row: LoanRow, others: tuple[PanelAction, ...]) -> Details:
    """What the list knows already, while the rest is read."""
    return Details(
        title=row.member_name,
        subtitle=f"{row.number} · {row.product_name}",
        amount_cents=row.amount_cents,
        chip=chip_of(row),
        other_actions=others,
    )


def full_details(
    row: LoanRow,
    sheet: LoanSheet,
    me: str,
    action: PanelAction | None,
    others: tuple[PanelAction, ...],
    explains: tuple[PanelAction, ...] = (),
) -> Details:
    """What the panel says of a loan; `me` is the full name of whoever looks."""
    next_note = _rules_note(sheet) or _next_note(sheet.next_step, me)
    near = _insider_note(sheet.detail)
    notes = (*_rejection(sheet), *_late_note(sheet.standing), *near, *next_note)
    return Details(
        title=row.member_name,
        subtitle=f"{row.number} · {row.product_name}",
        amount_cents=row.amount_cents,
        chip=chip_of(row),
        note=notes[0] if notes else None,
        more_notes=notes[1:],
        facts=(
            *((("Payout", sheet.paid_words),) if sheet.paid_words else ()),
            *sheet.end_words,
            *standing_facts(sheet.standing),
            *_guarantor_facts(sheet),
            *_facts(sheet.detail),
        ),
        explains=explains,
        timeline=_steps(sheet),
        action=action,
        other_actions=others,
    )


def with_every_term(details: Details, sheet: LoanSheet) -> Details:
    """The same with each term, each rule and the form in words, for where there is room."""
    detail = sheet.detail
    facts = [fact for fact in details.facts if fact[0] not in ("Terms", "Interest", "Fees")]
    totals = (
        ("Interest in all", format_kes(detail.cost.interest_cents)),
        ("Fees in all", format_kes(detail.cost.fees_cents)),
    )
    rules = tuple((rule_title(check), check.words) for check in sheet.checks)
    terms = term_facts(detail.terms)
    stated = stated_lines(sheet.form)
    return replace(details, facts=(facts[0], *terms, *totals, *facts[1:], *stated, *rules))


def broken_rules(sheet: LoanSheet) -> tuple[Check, ...]:
    """The rules that an application does not keep, as long as it is not decided."""
    return tuple(check for check in sheet.checks if check.stops)


def rules_text(checks: Sequence[Check]) -> str:
    """Every rule of the product on its own line, kept or not, with its figures."""
    return "\n".join(f"{rule_title(check)}: {check.words}" for check in checks)


def rule_title(check: Check) -> str:
    """`✓ Ceiling` where it is kept, `✕ Ceiling` where not, `! Papers` where that is only a warning."""
    sign = "✓" if check.passed else "✕" if check.stops else "!"
    return f"{sign} {check.title}"


def broken_words(sheet: LoanSheet) -> str:
    """Each rule that is not kept, with its figures; empty when every one is."""
    return "\n".join(f"{check.title}: {check.words}" for check in broken_rules(sheet))


def _rules_note(sheet: LoanSheet) -> tuple[Note, ...]:
    words = broken_words(sheet)
    if not words:
        return ()
    step = sheet.next_step
    waits = step is not None and step.act is Act.APPRAISE_LOAN
    act = "appraised" if waits else "approved"
    return (Note(words, ChipColour.AMBER, f"Cannot be {act} yet"),)


def _guarantor_facts(sheet: LoanSheet) -> Facts:
    lines = [
        ("Guarantor", f"{line.pledge.guarantor_name}, {line.words}") for line in sheet.guarantors
    ]
    if sheet.checks:
        kept = sum(check.passed for check in sheet.checks)
        lines.append(("Rules", f"{kept} of {len(sheet.checks)} kept. Enter shows each of them."))
    if sheet.detail.separate_fees:
        paid = f"Brought, receipt {sheet.fees_receipt}" if sheet.fees_receipt else "Not brought yet"
        lines.append(("Fees beside it", paid))
    if sheet.papers:
        there = sum(line.is_there for line in sheet.papers)
        lines.append(("Papers", f"{there} of {len(sheet.papers)} are there."))
    return tuple(lines)


def deduction_lines(detail: LoanDetail) -> tuple[NamedAmount, ...]:
    """From the loan over each deduction to what the member gets."""
    taken = (NamedAmount(line.name, -line.amount_cents) for line in detail.deductions)
    net = NamedAmount("Net to the member", detail.row.net_cents, is_total=True)
    return (NamedAmount("Loan, KES", detail.row.amount_cents), *taken, net)


def people_words(people: Sequence[str], me: str) -> str:
    """`Daniel Omondi or Lucy Chebet`, with `you` for whoever reads it."""
    names = ["you" if name == me else name for name in people]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _next_note(step: NextStep | None, me: str) -> tuple[Note, ...]:
    # A loan that runs waits for nothing but its instalments, which stand below.
    if step is None or step.act is Act.TAKE_REPAYMENT:
        return ()
    if step.act is None:
        text = step.words
    elif not step.people:
        text = f"Nobody may {step.words}. An administrator adds a person who may."
    else:
        who = people_words(step.people, me)
        text = f"{who[0].upper()}{who[1:]} can {step.words}."
    return (Note(text, ChipColour.BLUE, "Next"),)


def _insider_note(detail: LoanDetail) -> tuple[Note, ...]:
    if not detail.insider:
        return ()
    text = f"{detail.insider}. The levels for insiders say who must agree."
    return (Note(text, ChipColour.AMBER, "Loan of an insider"),)


def _rejection(sheet: LoanSheet) -> tuple[Note, ...]:
    if sheet.detail.row.status != "rejected":
        return ()
    return (Note(sheet.closing_words, ChipColour.RED, "The committee said no"),)


def _facts(detail: LoanDetail) -> Facts:
    row = detail.row
    cost = detail.cost
    lent = row.amount_cents - row.asked_cents
    each = detail.terms.instalment_fee_cents
    facts = [
        ("Purpose", detail.purpose),
        *_lowered(detail),
        ("Terms", f"{row.instalments} instalments: {detail.terms_words}"),
        *((("Fees lent", format_kes(lent)),) if lent else ()),
        *((line.name, f"KES {format_amount(-line.amount_cents)}") for line in detail.deductions),
        ("Net", format_kes(row.net_cents)),
        *(
            (f"{line.name}, beside it", format_kes(line.amount_cents))
            for line in detail.separate_fees
        ),
        ("Interest", format_kes(cost.interest_cents)),
        *((("Fees", f"{format_kes(each)} with each instalment"),) if each else ()),
        ("To repay", format_kes(cost.to_repay_cents)),
    ]
    if row.disbursed_on is None:
        facts.append(("Deposits", format_kes(detail.deposits_cents)))
        facts.append(("Can borrow", format_kes(detail.ceiling_cents)))
    else:
        facts.append(("Paid out", format_date(row.disbursed_on)))
    if detail.appraisal and detail.appraised_at is not None:
        facts.append(("Appraised", format_date(business_date(detail.appraised_at))))
        facts.append(("Appraisal", detail.appraisal))
    return tuple(facts)


def _lowered(detail: LoanDetail) -> Facts:
    """What the member wanted, where the committee lends less."""
    if detail.lowered is None:
        return ()
    given = Wanted(detail.row.asked_cents, detail.row.instalments)
    return (
        ("Asked for", detail.lowered.wanted.words),
        ("Lowered to", f"{given.words}, by {detail.lowered.by}: {detail.lowered.why}"),
    )


def _late_note(standing: LoanStanding | None) -> tuple[Note, ...]:
    if standing is None or not standing.late_cents:
        return ()
    days = f"{standing.days_late} day{'s' if standing.days_late != 1 else ''}"
    text = f"{format_kes(standing.late_cents)} is late, the oldest instalment by {days}."
    if not standing.days_late:
        text = f"{format_kes(standing.late_cents)} of penalties are not paid."
    return (Note(text, ChipColour.AMBER, "Late"),)


def standing_facts(standing: LoanStanding | None) -> Facts:
    """How a loan stands since it was paid out."""
    if standing is None:
        return ()
    facts = [("Owed", format_kes(standing.outstanding_cents))]
    if standing.due_cents and not standing.late_cents:
        facts.append(("Due today", format_kes(standing.due_cents)))
    if standing.outstanding_cents or standing.late_cents:
        facts.append(("Arrears", format_kes(standing.late_cents)))
        if standing.penalty_cents:
            facts.append(("Of it penalties", format_kes(standing.penalty_cents)))
        if standing.payoff_cents is not None:
            facts.append(("Payoff today", format_kes(standing.payoff_cents)))
        provided = format_kes(standing.allowance_cents)
        facts.append(("Provision", f"{provided}, {standing.loan_class.lower()}"))
    if standing.prepaid_cents:
        facts.append(("Prepaid", format_kes(standing.prepaid_cents)))
    line = standing.next_due
    if line is not None and not standing.late_cents:
        facts.append(("Next", f"{format_kes(line.total_cents)} on {format_date(line.due_on)}"))
    return tuple(facts)


def _steps(sheet: LoanSheet) -> tuple[Step, ...]:
    """The instalments to come and the last; the whole schedule opens with Enter and prints with Ctrl+P."""
    if sheet.detail.row.status == "written_off":
        return ()
    schedule = sheet.detail.schedule
    paid = sheet.standing.paid_instalments if sheet.standing else frozenset()
    to_come = [line for line in schedule if line.number not in paid]
    shown = to_come[:_FIRST_SHOWN]
    if len(to_come) > _FIRST_SHOWN:
        shown.append(to_come[-1])
    return tuple(
        Step(
            format_date(line.due_on),
            f"{line.number} of {len(schedule)} · {format_kes(line.total_cents)}",
            is_done=False,
        )
        for line in shown
    )
