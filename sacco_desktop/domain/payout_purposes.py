"""What payouts are for: data from `resources/payout_purposes.toml`, checked when it is read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sacco_desktop.domain.chart import control_owner, family_of

LOAN = "loan"
Command = Literal["BusinessPayment", "SalaryPayment", "PromotionPayment"]
COMMANDS: tuple[Command, ...] = get_args(Command)


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. `accounts` are those that it may debit; none for a loan, whose entry has rules of its own.

    `is_covered` means that the balance of the account must carry the payout beside all others on their way.
    `for_members` means that only a member is paid, and that cents and small sums can go to their deposits. `elsewhere`
    says where it is asked for when that is not done like any payment.
    """

    name: str
    title: str
    accounts: tuple[str, ...]
    is_covered: bool
    for_members: bool
    command: Command
    narration: str
    elsewhere: str = ""

    def is_member_held(self, account_code: str) -> bool:
        """Whether the account that is debited is split by members."""
        return control_owner(account_code) == "member"

    def takes(self, account_code: str) -> bool:
        """Whether it may debit this account: one of its own, or a society's own one that is like it."""
        return account_code in self.accounts or family_of(account_code) in self.accounts


def read_purposes(text: str) -> tuple[Purpose, ...]:
    """The purposes of the data file, in its order. Raises ValueError for one that contradicts itself."""
    purposes = tuple(_purpose(row) for row in tomllib.loads(text)["purpose"])
    names = [purpose.name for purpose in purposes]
    if len(set(names)) != len(names) or LOAN not in names:
        raise ValueError("each purpose stands once, and the loan is one of them")
    return purposes


def _purpose(row: Mapping[str, Any]) -> Purpose:
    purpose = Purpose(
        name=row["name"],
        title=row["title"],
        accounts=tuple(row["accounts"]),
        is_covered=row["is_covered"],
        for_members=row["for_members"],
        command=row["command"],
        narration=row["narration"],
        elsewhere=row.get("elsewhere", ""),
    )
    if purpose.command not in COMMANDS:
        raise ValueError(f"{purpose.name}: M-Pesa knows no command {purpose.command}")
    if (purpose.name == LOAN) != (not purpose.accounts):
        raise ValueError(f"{purpose.name}: every purpose but the loan names its accounts")
    held = [purpose.is_member_held(code) for code in purpose.accounts]
    if any(held) and not (all(held) and purpose.for_members and purpose.is_covered):
        raise ValueError(f"{purpose.name}: what a member owns is paid to the member and covered")
    return purpose
