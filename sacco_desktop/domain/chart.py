"""The chart of accounts: what each account is, where it grows, and whether it is split by owner."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput

COLUMNS = ("code", "name", "type", "control", "dt", "n", "form_line")

CASH_IN_HAND = "1010"
BANK_CURRENT = "1020"
CHEQUES_TO_CLEAR = "1025"
MPESA_PAYBILL = "1030"
MPESA_UTILITY = "1031"
MPESA_CHARGES_PAID = "1032"
CHECK_OFF_CLEARING = "1040"
INTEREST_RECEIVABLE = "1120"
PENALTIES_RECEIVABLE = "1130"
ALLOWANCE_FOR_LOSSES = "1190"
MEMBER_DEPOSITS = "2010"
SPECIAL_SAVINGS = "2040"
SUNDRY_DEBTORS = "1210"
EXCISE_DUTY_PAYABLE = "2140"
UNALLOCATED_RECEIPTS = "2150"
MEMBERS_CHEQUES = "2152"
PREPAID_INSTALMENTS = "2165"
WELFARE_FUND = "2170"
SHARE_CAPITAL = "3010"
RETAINED_EARNINGS = "3050"
REFUNDS_PAYABLE = "2180"
LOAN_INTEREST = "4010"
LOAN_PENALTIES = "4030"
REGISTRATION_FEES = "4040"
EXIT_FEES = "4050"
BAD_DEBTS_RECOVERED = "4200"
MPESA_CHARGES_RECOVERED = "4060"
OTHER_INCOME = "4900"
BANK_CHARGES = "5220"
MPESA_CHARGES = "5230"
PROVISION_EXPENSE = "5410"

# What members owe; a product lends from one of these.
LOAN_CONTROLS = frozenset({"1110", "1111", "1112", "1113", "1114"})
CONTROLS_BY_LOAN = LOAN_CONTROLS | {PREPAID_INSTALMENTS}
# What a society adds of its own: savings that each member owns, and funds that all own together. They are in no chart
# file; each is opened when two people have agreed to it.
OWN_SAVINGS = tuple(f"204{figure}" for figure in range(1, 10))
OWN_FUNDS = tuple(f"217{figure}" for figure in range(1, 10))
# Further shortcodes that take payments, each on an account of its own beside the one of the paybill.
OWN_SHORTCODES = tuple(f"103{figure}" for figure in range(3, 10))
CONTROLS_BY_MEMBER = frozenset(
    {"2010", "2020", "2030", "2040", *OWN_SAVINGS, REFUNDS_PAYABLE, "3010"}
)

_OWNERS = dict.fromkeys(CONTROLS_BY_LOAN, re.compile(r"L-[0-9A-Z-]{1,20}")) | dict.fromkeys(
    CONTROLS_BY_MEMBER, re.compile(r"M-[0-9A-Z-]{1,20}")
)
_CODE = re.compile(r"[1-5][0-9]{3}")
_SUB_ACCOUNT = re.compile(r"([1-5][0-9]{3})\.([A-Z]{1,4}-[0-9A-Z-]{1,20})")


class AccountType(StrEnum):
    """What an account is; a contra asset lowers an asset, as the allowance for loan losses does."""

    ASSET = "asset"
    CONTRA_ASSET = "contra_asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class Side(StrEnum):
    """The two sides of an account."""

    DEBIT = "debit"
    CREDIT = "credit"


class SocietyKind(StrEnum):
    """Whether the society takes withdrawable deposits (DT) or not (NWDT)."""

    DT = "DT"
    NWDT = "NWDT"


_FIRST_FIGURE = {
    AccountType.ASSET: "1",
    AccountType.CONTRA_ASSET: "1",
    AccountType.LIABILITY: "2",
    AccountType.EQUITY: "3",
    AccountType.INCOME: "4",
    AccountType.EXPENSE: "5",
}


@dataclass(frozen=True, slots=True)
class ChartAccount:
    """One account. A control account takes no postings; its sub-accounts per loan or member do."""

    code: str
    name: str
    type: AccountType
    is_control: bool
    society_kinds: frozenset[SocietyKind]
    form_line: str


def read_chart(csv_text: str) -> tuple[ChartAccount, ...]:
    """The accounts of a chart file with the columns of COLUMNS, by code.

    Raises InvalidInput under `chart`, with the line, when a row cannot be read, a code comes twice,
    or the file and the rules of the program disagree about which accounts are control accounts.
    """
    rows = list(csv.reader(csv_text.splitlines()))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise InvalidInput(
            f"The chart of accounts must start with the columns {', '.join(COLUMNS)}.", "chart"
        )
    accounts: dict[str, ChartAccount] = {}
    for line, row in enumerate(rows[1:], start=2):
        account = _account(line, row)
        if account.code in accounts:
            raise InvalidInput(
                f"Line {line} of the chart gives the account {account.code} a second time.", "chart"
            )
        accounts[account.code] = account
    return tuple(accounts[code] for code in sorted(accounts))


def normal_side(account_type: AccountType) -> Side:
    """The side on which an account of this type grows."""
    grows_by_debit = account_type in {AccountType.ASSET, AccountType.EXPENSE}
    return Side.DEBIT if grows_by_debit else Side.CREDIT


def sub_account_code(control_code: str, owner_number: str) -> str:
    """`2010.M-0001`: one owner's account under a control account. Raises ValueError for others."""
    owners = _OWNERS.get(control_code)
    if owners is None:
        raise ValueError(f"{control_code} is not a control account")
    if owners.fullmatch(owner_number) is None:
        raise ValueError(f"{control_code} is split by numbers that start with {owners.pattern[:2]}")
    return f"{control_code}.{owner_number}"


def may_own(control_code: str, owner_number: str) -> bool:
    """Whether an owner with this number has an account under this control account."""
    try:
        sub_account_code(control_code, owner_number)
    except ValueError:
        return False
    return True


def control_owner(code: str) -> str | None:
    """`loan` or `member`, whichever a control account is split by; None for an ordinary account."""
    if code in CONTROLS_BY_LOAN:
        return "loan"
    return "member" if code in CONTROLS_BY_MEMBER else None


def family_of(code: str) -> str:
    """The account of the chart file that a society's own one is like; an account of the file itself."""
    if code in OWN_SAVINGS:
        return SPECIAL_SAVINGS
    if code in OWN_SHORTCODES:
        return MPESA_PAYBILL
    return WELFARE_FUND if code in OWN_FUNDS else code


def control_code_of(account_code: str) -> str | None:
    """The control account above a sub-account, None for an account without one."""
    found = _SUB_ACCOUNT.fullmatch(account_code)
    return found[1] if found else None


def _account(line: int, row: list[str]) -> ChartAccount:
    unreadable = InvalidInput(f"Line {line} of the chart of accounts cannot be read.", "chart")
    if len(row) != len(COLUMNS):
        raise unreadable
    code, name, type_text, control, dt, nwdt, form_line = row
    try:
        account_type = AccountType(type_text)
    except ValueError:
        raise unreadable from None
    flags_known = {dt, nwdt} <= {"yes", "no"}
    if (
        not flags_known
        or not name.strip()
        or _CODE.fullmatch(code) is None
        or not form_line.strip()
    ):
        raise unreadable
    if code[0] != _FIRST_FIGURE[account_type]:
        raise InvalidInput(
            f"The account {code} on line {line} does not begin with the figure of its type.",
            "chart",
        )
    if control != (control_owner(code) or ""):
        raise InvalidInput(
            f"Line {line} of the chart is wrong about whether {code} is a control account.", "chart"
        )
    flags = ((SocietyKind.DT, dt), (SocietyKind.NWDT, nwdt))
    kinds = frozenset(kind for kind, flag in flags if flag == "yes")
    return ChartAccount(code, name, account_type, bool(control), kinds, form_line)
