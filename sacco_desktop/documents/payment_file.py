"""The payment file on paper: one page with the whole evidence of a payout, a second one only where it needs it."""

from __future__ import annotations

from sacco_desktop.documents.agreement import require_equal
from sacco_desktop.documents.blocks import Fact, draw_facts, draw_framed, draw_note, draw_section
from sacco_desktop.documents.letterhead import Heading, close_sheet, open_sheet
from sacco_desktop.documents.sheet import Sheet
from sacco_desktop.documents.table import Column, Row, Table, draw_table
from sacco_desktop.documents.wording import NOTHING, figure_or_nothing, moment_words
from sacco_desktop.domain.dates import format_date
from sacco_desktop.services.sending.payment_paper import EntryPart, PaymentFile

# Enough to compare with the screen and with the relay's page by eye; the QR code carries the whole fingerprint.
_HASH_LETTERS = 16
_NO_ANSWER = "none"


def draw_payment_file(paper: PaymentFile) -> bytes:
    """The PDF of the file. Raises `BooksDamaged` when an entry does not balance."""
    for entry in paper.entries:
        debits = sum(line.debit_cents for line in entry.lines)
        credits = sum(line.credit_cents for line in entry.lines)
        name = f"Entry {entry.number}"
        require_equal(name, "the debits", debits, "the credits", credits)
    heading = Heading(paper.letterhead, paper.stamp, "Payment file")
    sheet = open_sheet(heading)
    _draw_payment(sheet, paper)
    _draw_people(sheet, paper)
    _draw_requests(sheet, paper)
    _draw_notices(sheet, paper)
    _draw_questions(sheet, paper)
    _draw_moves(sheet, paper)
    _draw_entries(sheet, paper.entries)
    return close_sheet(sheet, heading)


def _draw_payment(sheet: Sheet, paper: PaymentFile) -> None:
    sheet.y += 2
    facts = [Fact("Payout", paper.payout_number, is_strong=True)]
    facts += [Fact(name, words, max_lines=2) for name, words in paper.facts]
    facts += [Fact(name, words, is_strong=name == "Paid") for name, words in paper.amounts]
    draw_facts(sheet, facts)
    draw_framed(sheet, paper.status, paper.evidence)


def _draw_people(sheet: Sheet, paper: PaymentFile) -> None:
    draw_section(sheet, "Who acted", keep=40)
    rows = [
        Row((each.act, each.full_name, moment_words(each.at), each.detail)) for each in paper.people
    ]
    columns = (Column("Act"), Column("Person"), Column("When"), Column("Detail", stretches=True))
    draw_table(sheet, Table(columns, tuple(rows)))
    if paper.fingerprint:
        draw_note(sheet, f"Fingerprint of what was approved: {paper.fingerprint}")


def _draw_requests(sheet: Sheet, paper: PaymentFile) -> None:
    if not paper.requests:
        return
    draw_section(sheet, "Requests to M-Pesa", keep=40)
    rows = [
        Row(
            (
                f"No. {each.number}",
                moment_words(each.at),
                str(each.http_status) if each.http_status else _NO_ANSWER,
                each.reading,
            )
        )
        for each in paper.requests
    ]
    columns = (
        Column("Attempt"),
        Column("Answered"),
        Column("HTTP"),
        Column("Answer", stretches=True),
    )
    draw_table(sheet, Table(columns, tuple(rows)))


def _draw_notices(sheet: Sheet, paper: PaymentFile) -> None:
    if not paper.notices:
        return
    draw_section(sheet, "What came through the relays", keep=40)
    rows = [
        Row(
            (
                f"{each.relay} no. {each.sequence}",
                each.kind,
                moment_words(each.at),
                each.hash[:_HASH_LETTERS],
                each.outcome,
            )
        )
        for each in paper.notices
    ]
    columns = (
        Column("Entry"),
        Column("Kind"),
        Column("Received"),
        Column("Hash begins"),
        Column("Effect", stretches=True),
    )
    draw_table(sheet, Table(columns, tuple(rows)))


def _draw_questions(sheet: Sheet, paper: PaymentFile) -> None:
    if not paper.questions:
        return
    draw_section(sheet, "Questions to M-Pesa", keep=40)
    rows = [
        Row(
            (
                moment_words(each.asked_at),
                moment_words(each.answered_at) if each.answered_at else NOTHING,
                each.words or NOTHING,
            )
        )
        for each in paper.questions
    ]
    columns = (Column("Asked"), Column("Answered"), Column("Answer", stretches=True))
    draw_table(sheet, Table(columns, tuple(rows)))


def _draw_moves(sheet: Sheet, paper: PaymentFile) -> None:
    if not paper.moves:
        return
    draw_section(sheet, "What happened", keep=40)
    rows = [Row((moment_words(each.at), each.who, each.state, each.why)) for each in paper.moves]
    columns = (Column("When"), Column("Who"), Column("State"), Column("Why", stretches=True))
    draw_table(sheet, Table(columns, tuple(rows)))


def _draw_entries(sheet: Sheet, entries: tuple[EntryPart, ...]) -> None:
    if not entries:
        draw_note(sheet, "Nothing is in the journal: an entry is made when the payment is proven.")
        return
    draw_section(sheet, "Journal", keep=60)
    rows = [
        Row(
            (
                str(entry.number),
                line.account_code,
                line.account_name,
                figure_or_nothing(line.debit_cents),
                figure_or_nothing(line.credit_cents),
            )
        )
        for entry in entries
        for line in entry.lines
    ]
    columns = (
        Column("Entry"),
        Column("Code"),
        Column("Account", stretches=True),
        Column("Debit KES", is_figures=True),
        Column("Credit KES", is_figures=True),
    )
    draw_table(sheet, Table(columns, tuple(rows)))
    for entry in entries:
        day = format_date(entry.value_date)
        draw_note(sheet, f"Entry {entry.number} of {day}, hash {entry.hash}")
