"""The parts of the page: what the simulated Safaricom holds, did and was told."""

from __future__ import annotations

import json
from datetime import datetime

from sacco_desktop.demo.safaricom import ledger
from sacco_desktop.demo.safaricom.codes import CODES
from sacco_desktop.demo.safaricom.errands import HeldBack
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
    tick,
)
from sacco_desktop.demo.safaricom.world import ID_TYPES, NAIROBI, Message, Transaction, World
from sacco_desktop.domain.money import format_amount

ACCOUNT_NAMES = {
    ledger.UTILITY: "Utility account",
    ledger.WORKING: "Working account",
    ledger.CHARGES_PAID: "Charges paid account",
    ledger.FEES: "Safaricom's fees",
    ledger.OUTSIDE: "Outside (bank, and what was set by hand)",
}
PAPERS = ("national ID", "military ID", "alien ID", "diplomatic ID", "passport")
LATEST = 25
WALLET = ledger.wallet("")
# A body that would make the page slow to read is cut; the control address gives it whole.
LONGEST_BODY = 6_000
LONGEST_GIST = 40


def clock_time(moment: datetime) -> Markup:
    """A moment as the clock in Nairobi shows it."""
    day, time = f"{moment.astimezone(NAIROBI):%d.%m. %H:%M:%S}".split(" ")
    return tag("span", time, class_="whole", title=f"{day} in Nairobi")


def account_name(account: str) -> str:
    """An account in words; a wallet by its phone."""
    if account.startswith(WALLET):
        return f"Wallet {account.removeprefix(WALLET)}"
    return ACCOUNT_NAMES.get(account, account)


def _own_accounts() -> list[tuple[str, str]]:
    return [(account, ACCOUNT_NAMES[account]) for account in ledger.FUNDABLE]


def _statement_links() -> list[object]:
    """One link for each account and form of file."""
    links: list[object] = []
    for account, name in _own_accounts():
        links.append(f"{name} ")
        for form in ("csv", "xlsx", "pdf"):
            links += [tag("a", form, href=f"/control/statement?account={account}&form={form}"), " "]
    return links


def accounts(world: World, forms: Forms) -> Markup:
    """What each account holds, and moving money into and between them."""
    balances = world.ledger.balances
    rows: list[tuple[object, ...]] = []
    for account, name in ACCOUNT_NAMES.items():
        free = balances[account]
        if account == ledger.UTILITY:
            free = world.utility_available_cents()
        link = tag("a", name, href=f"/?account={account}#entries")
        rows.append((link, format_amount(balances[account]), format_amount(free)))
    held = sum(cents for account, cents in balances.items() if account.startswith(WALLET))
    rows.append(("All wallets together", format_amount(held), format_amount(held)))
    proof = (
        "Every cent is accounted for: all accounts together are zero."
        if world.ledger.is_conserved()
        else "Money is missing: the accounts do not add up to zero."
    )
    shillings = field("KES", entry("amount", inputmode="decimal", required=True, size=12))
    own = _own_accounts()
    return section(
        "Accounts",
        table("Balances", ("Account", "Balance KES", "Available KES"), rows),
        tag("p", proof, class_="proof"),
        tag("p", "The portal's statement: ", *_statement_links()),
        forms.form(
            "fund",
            "Bring from the bank",
            field("Into", choice("account", own, ledger.UTILITY)),
            shillings,
        ),
        forms.form(
            "move",
            "Move",
            field("From", choice("source", own, ledger.WORKING)),
            field("to", choice("target", own, ledger.UTILITY)),
            shillings,
        ),
        id_="accounts",
    )


def payouts(world: World) -> Markup:
    """The newest payouts as M-Pesa's core knows them."""
    rows = [
        (
            clock_time(t.initiated_at),
            tag("span", t.originator_id, class_="whole"),
            tag("span", t.phone, tag("br"), world.name_of(t.phone)),
            format_amount(t.amount_cents),
            format_amount(t.fee_cents),
            _outcome(t),
        )
        for t in reversed(world.transactions[-LATEST:])
    ]
    headings = ("Taken", "Id", "Receiver", "KES", "Fee KES", "Outcome")
    name = f"{len(world.transactions)} in all, newest first"
    return section("Payouts", table(name, headings, rows), id_="payouts")


def _outcome(transaction: Transaction) -> str:
    if transaction.state == "Completed":
        return f"Completed: {transaction.receipt}"
    if transaction.state == "Declined":
        return f"Declined: {transaction.result_code} {transaction.result_text}"
    return f"{transaction.state}: nothing has moved yet"


def held_back(waiting: tuple[HeldBack, ...], forms: Forms) -> Markup:
    """What waits for its time, each to be released alone."""
    rows = [
        (
            each.about,
            clock_time(each.due),
            forms.form("release", "Release", number=each.number),
        )
        for each in waiting
    ]
    everything = forms.form("release", "Release all", number="") if rows else ""
    return section(
        "Held back",
        table("Callbacks and payments", ("What", "By itself at", "Now"), rows),
        everything,
        id_="held",
    )


def wallets(world: World, forms: Forms) -> Markup:
    """Members' wallets: whose they are, what they hold, what they received today."""
    known = {a.removeprefix(WALLET) for a in world.ledger.balances if a.startswith(WALLET)}
    today = world.local_now().date()
    rows = []
    for phone in sorted(known | set(world.papers) | world.unregistered | set(world.outcomes)):
        kind, number = world.papers.get(phone, ("", ""))
        paper = f"{PAPERS[ID_TYPES.index(kind)]} {number}" if kind else "not told"
        state = "not on M-Pesa" if phone in world.unregistered else "registered"
        if code := world.outcomes.get(phone):
            state = f"{state}; payouts end in {code}"
        rows.append(
            (
                tag(
                    "span",
                    tag("a", phone, href=f"/?account={ledger.wallet(phone)}#entries"),
                    tag("br"),
                    world.name_of(phone),
                ),
                paper,
                state,
                format_amount(world.ledger.wallet_cents(phone)),
                format_amount(world.ledger.received_on(phone, today)),
            )
        )
    headings = ("Phone and name", "Identity paper", "State", "Balance KES", "Today KES")
    return section(
        "Wallets",
        table("Wallets", headings, rows),
        fold("Change a wallet", *_wallet_forms(forms)),
        id_="wallets",
    )


def _wallet_forms(forms: Forms) -> tuple[Markup, Markup]:
    papers = zip(ID_TYPES, PAPERS, strict=True)
    phone = field("Phone", entry("phone", required=True, size=14, placeholder="2547…"))
    wallet = forms.form(
        "wallet",
        "Save the wallet",
        phone,
        field("Name (empty: as it was)", entry("name", size=24)),
        field("Balance, KES (empty: as it was)", entry("amount", size=12)),
        field("Paper", choice("id_type", papers)),
        field("Its number (empty: as it was)", entry("id_number", size=12)),
        tick("is_registered", "on M-Pesa", is_on=True),
    )
    outcome = forms.form(
        "outcome",
        "Let payouts end so",
        phone,
        field("always end in code (empty: as usual)", entry("code", size=12)),
    )
    return wallet, outcome


def messages(world: World) -> Markup:
    """The newest requests and callbacks with what was in them; credentials are blanked."""
    rows = [
        (
            m.number,
            clock_time(m.at),
            fold(f"{m.kind.capitalize()}: {m.name}{_gist(m.body)}", tag("p", m.address), _body(m)),
            tag("span", m.outcome, class_="whole"),
        )
        for m in reversed(world.messages[-LATEST:])
    ]
    name = f"{len(world.messages)} in all, newest first"
    headings = ("No.", "At", "Message", "Outcome")
    return section("Messages", table(name, headings, rows), id_="messages")


def _gist(body: object) -> str:
    """Enough of a message to find the one that is looked for."""
    if not isinstance(body, dict):
        return ""
    result = body.get("Result")
    if isinstance(result, dict):
        told = (result.get("OriginatorConversationID"), f"code {result.get('ResultCode')}")
    else:
        own_id = body.get("OriginatorConversationID") or body.get("OriginalConversationID")
        sum_ = f"KES {body['Amount']}" if "Amount" in body else ""
        told = (own_id, " ".join(str(part) for part in (body.get("PartyB"), sum_) if part))
    shown = ", ".join(str(part)[:LONGEST_GIST] for part in told if part)
    return f" ({shown})" if shown else ""


def _body(message: Message) -> Markup:
    if message.body is None:
        return tag("p", "No JSON object.")
    written = json.dumps(message.body, indent=2, ensure_ascii=False, default=str)
    cut = written[:LONGEST_BODY]
    return tag("pre", cut if cut == written else f"{cut}\n… and more: see /control/messages")


def entries(world: World, account: str) -> Markup:
    """The newest entries of the simulator's own ledger, or those of one account with its balance."""
    balance, rows = 0, []
    for number, movement in enumerate(world.ledger.movements, start=1):
        if account not in ("", movement.source, movement.target):
            continue
        balance += movement.cents * ((movement.target == account) - (movement.source == account))
        row = (
            number,
            account_name(movement.source),
            account_name(movement.target),
            movement.why,
            format_amount(movement.cents),
        )
        rows.append((*row, format_amount(balance)) if account else row)
    rows.reverse()
    headings = ("No.", "From", "To", "Why", "Sum KES")
    if not account:
        return section("Entries", table("Newest entries", headings, rows[:LATEST]), id_="entries")
    everything = tag("p", tag("a", "Entries of all accounts", href="/#entries"))
    name = f"Entries of {account_name(account)}"
    return section(
        "Entries", table(name, (*headings, "Balance KES"), rows), everything, id_="entries"
    )


def numbers() -> Markup:
    """The table of practice numbers."""
    rows = [(row.phone, row.code, row.text) for row in CODES.values()]
    return section(
        "Practice numbers",
        tag("p", "A payout to one of these always ends in its code. They belong to nobody."),
        fold(f"All {len(rows)} numbers", table("Numbers", ("Phone", "Code", "It says"), rows)),
        id_="numbers",
    )
