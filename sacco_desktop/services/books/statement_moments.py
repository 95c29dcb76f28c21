"""When a person says that M-Pesa paid: a moment between the day the request was written down and now."""

from __future__ import annotations

from datetime import datetime

from sacco_desktop.db.tables import PayoutAttempt
from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.books import relay_clock
from sacco_desktop.services.books.work import Work


def check_paid_at(work: Work, attempt: PayoutAttempt, paid_at: datetime) -> None:
    """Raise InvalidInput under `paid_at` when this attempt cannot have been paid at that moment.

    The clock of the PC may be set wrong, before as now, and a true payment must not be refused for that: what the
    relays' clocks allow is allowed too.
    """
    if paid_at > relay_clock.latest(work):
        raise InvalidInput(
            f"The payment cannot lie in the future. The clock of this PC says {format_date(work.today)},"
            f" {format_time(work.now)}. If it is behind, set it right and write this again.",
            "paid_at",
        )
    laid_down_at = relay_clock.laid_down_at(work, attempt.originator_conversation_id)
    sent_at = min(attempt.first_sent_at, laid_down_at or attempt.first_sent_at)
    if business_date(paid_at) < business_date(sent_at):
        raise InvalidInput("The payment cannot lie before the day it was sent.", "paid_at")
