"""The parts of the page about money that comes in: payments to the paybill, and prompts on phones."""

from __future__ import annotations

from sacco_desktop.demo.safaricom.page.markup import (
    Forms,
    Markup,
    choice,
    entry,
    field,
    fold,
    section,
    table,
    tag,
)
from sacco_desktop.demo.safaricom.page.sections import LATEST, clock_time
from sacco_desktop.demo.safaricom.stk_codes import STK_BY_PHONE, stk_text
from sacco_desktop.demo.safaricom.world import World
from sacco_desktop.domain.money import format_amount

KINDS = [("real", "pays"), ("forged", "is only said to pay (a forgery)")]


def payments(world: World, forms: Forms) -> Markup:
    """The newest payments to the paybill, and paying as a member does."""
    rows = [
        (
            clock_time(paid.paid_at),
            tag("span", paid.receipt, class_="whole"),
            tag("span", paid.phone, tag("br"), world.name_of(paid.phone)),
            format_amount(paid.amount_cents),
            paid.reference,
            "Taken back" if paid.is_reversed else "Prompt" if paid.road == "stk" else "Paybill",
        )
        for paid in reversed(world.incoming[-LATEST:])
    ]
    headings = ("Paid", "Receipt", "Payer", "KES", "Account", "How")
    urls = world.urls
    where = (
        f"Reported in version {urls.version[1:]}; when nobody validates, a payment is {urls.response_type.lower()}."
        if urls
        else "No address is registered, so payments are not reported."
    )
    return section(
        "Payments to the paybill",
        table(f"{len(world.incoming)} in all, newest first", headings, rows),
        tag("p", where),
        forms.form(
            "pay",
            "Pay",
            field("Phone", entry("phone", inputmode="numeric", required=True, size=14)),
            field("who", choice("kind", KINDS, "real")),
            field("KES", entry("amount", inputmode="decimal", required=True, size=10)),
            field("for account", entry("reference", size=14, maxlength=20)),
        ),
        id_="paybill",
    )


def prompts(world: World) -> Markup:
    """The newest prompts, how each ended, and the numbers that always end in a code."""
    rows = [
        (
            clock_time(prompt.asked_at),
            prompt.phone,
            format_amount(prompt.amount_cents),
            prompt.reference,
            prompt.receipt or stk_text(prompt.code or "4999"),
        )
        for prompt in reversed(world.prompts[-LATEST:])
    ]
    codes = [(phone, code, stk_text(code)) for phone, code in STK_BY_PHONE.items()]
    return section(
        "Prompts on phones",
        table(
            f"{len(world.prompts)} in all, newest first",
            ("Asked", "Phone", "KES", "Account", "Outcome"),
            rows,
        ),
        fold(
            "Numbers whose prompts always end in a code",
            table("Prompts by number", ("Phone", "Code", "M-Pesa says"), codes),
        ),
        id_="prompts",
    )
