"""What M-Pesa posts back to a question about the balances of our accounts, read into frozen values. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sacco_desktop.domain.mpesa_accounts import CHARGES, UTILITY, WORKING
from sacco_desktop.gateways.daraja import fields
from sacco_desktop.gateways.daraja.answers import Envelope
from sacco_desktop.gateways.daraja.outside_json import clean_text
from sacco_desktop.gateways.daraja.result_codes import CodeMeaning, meaning_of

# Every other account keeps the name that M-Pesa gives it.
_KNOWN = {
    "utility account": UTILITY,
    "working account": WORKING,
    "charges paid account": CHARGES,
}
# More accounts than any shortcode has; the rest of a longer list is noted and not read.
_MOST_ACCOUNTS = 50
_LONGEST_NAME = 60
# `{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}`: the basic amount is in shillings.
_BASIC = re.compile(r"BasicAmount=([^,}\s]+)")


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """One account in cents. `account` is utility, working, charges, or M-Pesa's own name in small letters; a part that
    was empty or not told is None.
    """

    account: str
    available_cents: int
    current_cents: int | None
    reserved_cents: int | None
    uncleared_cents: int | None


@dataclass(frozen=True, slots=True)
class BalanceNotice:
    """The answer to a balance question. `skipped` holds one sentence for each part that could not be read."""

    query_code: str
    query_text: str
    is_final: bool
    query_originator_conversation_id: str
    query_conversation_id: str
    accounts: tuple[AccountBalance, ...]
    completed_at: datetime | None
    skipped: tuple[str, ...]

    @property
    def query_meaning(self) -> CodeMeaning:
        """What the code of the question says."""
        return meaning_of(self.query_code)


def parse_balance_result(raw: bytes) -> BalanceNotice:
    """The body posted to the ResultURL of a balance question. Raises `Unreadable`."""
    envelope = Envelope.read(raw)
    found = envelope.parameters
    accounts, skipped = read_accounts(clean_text(found.one("AccountBalance")))
    completed_at = found.moment("BOCompletedTime")
    return BalanceNotice(
        query_code=envelope.code,
        query_text=envelope.text("ResultDesc"),
        is_final=envelope.is_final,
        query_originator_conversation_id=envelope.text("OriginatorConversationID"),
        query_conversation_id=envelope.text("ConversationID"),
        accounts=accounts,
        completed_at=completed_at,
        skipped=(*found.oddities, *skipped),
    )


def read_accounts(text: str) -> tuple[tuple[AccountBalance, ...], tuple[str, ...]]:
    """The accounts of `Working Account|KES|346568.83|6186.83|340382.00|0.00&Utility Account|…`, and what was skipped.

    The parts are name, currency, current, available, reserved and uncleared. Accounts come in any order and number. An
    account told twice with different figures counts as not told.
    """
    # Some gateways write the & between two accounts as the web pages do, a few of them twice over.
    while "&amp;" in text:
        text = text.replace("&amp;", "&")
    pieces = [piece.strip() for piece in text.split("&")]
    told: dict[str, AccountBalance] = {}
    skipped: list[str] = []
    for piece in filter(None, pieces[:_MOST_ACCOUNTS]):
        balance = _account(piece)
        if balance is None:
            skipped.append(f"This could not be read: {piece[:_LONGEST_NAME]}")
        elif told.setdefault(balance.account, balance) != balance:
            skipped.append(_twice(balance.account))
    if len(pieces) > _MOST_ACCOUNTS:
        skipped.append(f"{len(pieces) - _MOST_ACCOUNTS} more accounts were not read.")
    kept = [each for each in told.values() if _twice(each.account) not in skipped]
    return tuple(kept), tuple(skipped)


def _twice(account: str) -> str:
    return f"The {account} account stands there twice with different figures."


def _account(piece: str) -> AccountBalance | None:
    parts = [part.strip() for part in piece.split("|")]
    name = " ".join(parts[0].lower().split())[:_LONGEST_NAME]
    if len(parts) < 4 or not name or parts[1].upper() != "KES":
        return None
    current, available, reserved, uncleared = (_cents(part) for part in (*parts, "", "")[2:6])
    if available is None:
        return None
    return AccountBalance(_KNOWN.get(name, name), available, current, reserved, uncleared)


def _cents(part: str) -> int | None:
    basic = _BASIC.search(part)
    return fields.to_cents(basic.group(1) if basic else part)
