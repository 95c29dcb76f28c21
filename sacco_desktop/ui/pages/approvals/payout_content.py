"""What a person reads of a payout before deciding: receiver, way, purpose, amounts, charge and who bears it."""

from __future__ import annotations

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payout_ways import BEARER_WORDS, WAY_WORDS, Bearer, Destination, Way
from sacco_desktop.domain.phones import display_phone

Lines = list[tuple[str, str]]


def payout_lines(content: Content) -> Lines:
    """The content as pairs. A request from before payouts had ways and parts went to a phone, whole, for a loan."""
    way = Way(str(content.get("way", Way.MPESA)))
    return [
        *_receiver(content),
        ("Paid by", WAY_WORDS[way]),
        *_where(content, way),
        ("Payout", f"{content['payout']} for {_what_for(content)}"),
        *_loan(content),
        ("Net", _money(content, "net_cents")),
        *_amounts(content, way),
        *_about(content),
    ]


def _receiver(content: Content) -> Lines:
    if "member" in content:
        return [("Member", f"{content['name']}, {content['member']}")]
    return [("Payee", str(content["payee"]))]


def _where(content: Content, way: Way) -> Lines:
    if way is Way.MPESA:
        return [("M-Pesa number", display_phone(str(content["to"])))]
    names = ("payee", "bank", "bank_code", "branch_code", "account_number")
    return [("To", Destination(*(str(content[name]) for name in names)).words)]


def _what_for(content: Content) -> str:
    if "loan" not in content:
        about = f": {content['narration']}" if content["narration"] else ""
        return f"{str(content['purpose']).lower()}{about}"
    parts = content.get("parts", 1)
    part = f", part {content['part']} of {parts}" if parts != 1 else ""
    return f"loan {content['loan']}{part}"


def _loan(content: Content) -> Lines:
    if "loan" not in content:
        return [("Booked on", f"Account {content['account']}")]
    taken = content["deductions"]
    assert isinstance(taken, list), "a content is what the service wrote"
    lines = [("Loan granted", _money(content, "gross_cents"))]
    lines += [(f"less {name}", format_kes(int(cents))) for name, cents, *_account in taken]
    if content.get("parts", 1) != 1:
        lines.append(("Net of all parts", _money(content, "whole_cents")))
    return lines


def _amounts(content: Content, way: Way) -> Lines:
    paid = "mpesa_cents" if way is Way.MPESA else "handed_cents"
    lines = [("They get", _money(content, paid))]
    if content["deposits_cents"]:
        lines.append(("to deposits", _money(content, "deposits_cents")))
    if "fee_cents" in content:
        lines.append(("Fee of the society", _money(content, "fee_cents")))
    if way is Way.MPESA and "charge_cents" in content:
        bearer = BEARER_WORDS[Bearer(str(content["bearer"]))]
        lines.append(("M-Pesa's charge", f"{_money(content, 'charge_cents')}, {bearer}"))
    return lines


def _about(content: Content) -> Lines:
    """The notice or the claim behind it, as the service told it."""
    about = content.get("about", [])
    assert isinstance(about, list), "a content is what the service wrote"
    return [(str(title), str(words)) for title, words in about]


def _money(content: Content, key: str) -> str:
    return format_kes(int(str(content[key])))
