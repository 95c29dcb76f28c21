"""What an approver reads of a payment that M-Pesa is to take back."""

from __future__ import annotations

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.money import format_kes


def lines(content: Content) -> list[tuple[str, str]]:
    """The payment, who paid it, what it was booked for, and why it goes back."""
    parts = content["parts"]
    booked = [
        (f"Booked for {number}", f"{format_kes(int(cents))}, receipt {slip}; taken back with it")
        for slip, number, _purpose, cents in (parts if isinstance(parts, list) else [])
    ]
    proven = "It is proven." if content["proven"] == "yes" else "Only a notice tells of it."
    told = [
        ("M-Pesa code", str(content["receipt"])),
        ("Amount", format_kes(int(str(content["cents"])))),
        ("Paid on", f"{content['paid_on']}. {proven}"),
        ("Paid by", str(content["payer"]) or "not told"),
        ("Account typed", str(content["reference"]) or "none"),
        *(booked or [("Booked for", "nobody; it waits in the unallocated receipts")]),
        ("Reason", str(content["reason"])),
    ]
    if content["blocked"]:
        told.insert(0, ("In the way now", str(content["blocked"])))
    return told
