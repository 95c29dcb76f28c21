"""What a request about the owner of a payment shows: the payment, and who is to have what of it."""

from __future__ import annotations

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.money import format_kes


def lines(content: Content) -> list[tuple[str, str]]:
    """The lines of the panel, each a name and what it says."""
    shares = content["shares"]
    assert isinstance(shares, list), "the shares of a request are a list"
    left = int(str(content["left_cents"])) - sum(int(line[2]) for line in shares)
    return [
        ("Payment", f"{content['receipt']}, {content['paid_at']}"),
        ("Amount", format_kes(int(str(content["amount_cents"])))),
        ("From", str(content["payer"]) or "nobody is named"),
        ("Typed as account", str(content["reference"]) or "nothing"),
        *((f"{line[1]}", f"{format_kes(int(line[2]))} to {line[0]}") for line in shares),
        *((("Stays without owner", format_kes(left)),) if left else ()),
        ("Known by", str(content["known_by"])),
    ]
