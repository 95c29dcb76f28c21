"""Where a rule stands and since when it holds, and the entries that a figure rests on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Setting
from sacco_desktop.domain.explanations.explanation import EntryLine, Source
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.domain.setting_rules import SINCE_EVER
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society
from sacco_desktop.services.window.member_sheet import account_lines

# What fits on one page beside the figures; the ledger of the account has the rest.
MOST_ENTRIES = 10


def of_setting(work: Work, name: str, on: date | None = None) -> Source:
    """The rule of the society that this setting is, with its value and the day from which it holds."""
    day = on or work.today
    rule = next(rule for rule in society.setting_rules() if rule.name == name)
    since = work.session.scalar(
        select(Setting.effective_on)
        .where(Setting.name == name, Setting.effective_on <= day)
        .order_by(Setting.effective_on.desc())
        .limit(1)
    )
    words = f"Rule ‘{rule.title}’ under Settings: {rule.words(society.setting(work, name, day))}"
    return Source(words, since if since != SINCE_EVER else None)


def of_product(product: LoanProduct) -> Source:
    """The product whose terms decide, and the day from which it is lent so."""
    return Source(f"Product {product.name}, under Settings › Products", product.effective_on)


def entries_of(
    work: Work, account_code: str, *, is_owed_to_us: bool = False
) -> tuple[tuple[EntryLine, ...], tuple[str, ...]]:
    """The newest entries of an account, the oldest of them first, and a note where there are more. An account that is
    owed to the society grows by its debits, one that the society owes by its credits.
    """
    lines = account_lines(work, account_code, most=MOST_ENTRIES + 1)
    sign = -1 if is_owed_to_us else 1
    shown = tuple(
        EntryLine(line.entry_number, line.on, line.words, sign * (line.in_cents - line.out_cents))
        for line in reversed(lines[:MOST_ENTRIES])
    )
    note = (
        f"The last {MOST_ENTRIES} entries of account {account_code} are listed; Books shows every one.",
    )
    return shown, note if len(lines) > MOST_ENTRIES else ()
