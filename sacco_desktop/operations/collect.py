"""Money in by M-Pesa: asks members on their phones, asks what became of it, and reads M-Pesa's own list of payments."""

from __future__ import annotations

from sacco_desktop.domain.errors import OutsideUnavailable, SaccoError
from sacco_desktop.domain.money_in import Road
from sacco_desktop.gateways.daraja.collecting import (
    CollectingClient,
    PhoneBusy,
    PromptAccepted,
    PromptEnded,
    PromptRequest,
    Pulled,
    PulledPayment,
)
from sacco_desktop.gateways.daraja.exchange import Doubtful, Exchange, NotSent, Refused
from sacco_desktop.operations import payment_checks
from sacco_desktop.operations.news_reading import payer_told
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import CLOCK, Actor, Work
from sacco_desktop.services.collecting import allocations, prompt_news, prompts, receipt_pulls
from sacco_desktop.services.collecting.mpesa_receipts import Heard
from sacco_desktop.services.collecting.prompt_news import PromptQuestion
from sacco_desktop.services.collecting.prompts import (
    NewPrompt,
    PromptAnswered,
    PromptOrder,
    PromptRow,
    PromptTold,
    SendPrompt,
)
from sacco_desktop.services.collecting.receipt_pulls import PullTold, PullWindow
from sacco_desktop.services.office import society
from sacco_desktop.services.relays.relays import RelayRow
from sacco_desktop.services.sending.payout_sending import Route, WireTrace

# More pages than a paybill fills in two days would mean that the list never ends.
MOST_PAGES = 200


async def ask_to_pay(office: Office, new: NewPrompt, actor: Actor) -> PromptRow:
    """Prompt a member once. Raises OutsideUnavailable when no relay can carry the answer, and what `begin` refuses."""
    client = CollectingClient(await office.mpesa())
    row = await relay_in_use(office)
    relay = office.relay(row)
    route = Route(row.relay_id, row.host, relay.connection.society.tag_key)
    order = await office.write(prompts.begin, SendPrompt(new, route), actor)
    if order.is_new:
        address = relay.callback_address("stk", row.token, order.tag)
        answered = await _push(client, order, address)
        await office.write(prompts.record_answer, answered, actor)
    return await office.read(prompts.row_of, order.prompt_id, actor)


async def relay_in_use(office: Office) -> RelayRow:
    """The relay that carries M-Pesa's answers now. Raises OutsideUnavailable when there is none."""
    rows = [row for row in await office.relays() if row.is_used]
    row = next((row for row in rows if not row.trouble), None)
    if row is None:
        raise OutsideUnavailable(
            "relay",
            "No relay can carry M-Pesa's answer now, so nobody was asked to pay.",
            office.now(),
        )
    return row


async def _push(client: CollectingClient, order: PromptOrder, address: str) -> PromptAnswered:
    try:
        request = PromptRequest(
            order.phone, order.amount_shillings, order.reference, order.description, address
        )
        answer = await client.stk_push(request)
    except SaccoError as fault:
        # It could not be written, so nothing has left; the prompt is committed already and must not stay open.
        trace = WireTrace("(not called)", "", 0, "")
        return PromptAnswered(order.prompt_id, PromptTold.NOT_ASKED, fault.message, trace)
    trace = _trace(answer.exchange)
    if isinstance(answer, PromptAccepted):
        return PromptAnswered(
            order.prompt_id,
            PromptTold.ACCEPTED,
            answer.text,
            trace,
            answer.merchant_request_id,
            answer.checkout_request_id,
        )
    if isinstance(answer, Doubtful):
        return PromptAnswered(order.prompt_id, PromptTold.DOUBTFUL, answer.reason, trace)
    return PromptAnswered(order.prompt_id, PromptTold.NOT_ASKED, _why_not(answer), trace)


def _why_not(answer: PhoneBusy | Refused | NotSent) -> str:
    if isinstance(answer, PhoneBusy):
        return (
            "Another M-Pesa request is open on the phone. Finish it, wait a minute, and ask again."
        )
    if isinstance(answer, NotSent):
        return f"Nobody was asked. {answer.reason}"
    return f"M-Pesa refused: {answer.text}"


def _trace(exchange: Exchange) -> WireTrace:
    return WireTrace(
        exchange.path, exchange.request_json, exchange.http_status or 0, exchange.response_text
    )


async def ask_due(office: Office, actor: Actor = CLOCK) -> int:
    """Ask M-Pesa about every prompt whose time has come; returns how many. What cannot be asked is asked later."""
    await office.write(prompt_news.end_old, None)
    due = await office.read(prompt_news.due, None)
    if not due:
        return 0
    client = CollectingClient(await office.mpesa())
    for prompt_id, checkout in due:
        answer = await client.stk_query(checkout)
        code = answer.code if isinstance(answer, PromptEnded) else ""
        await office.write(prompt_news.record_question, PromptQuestion(prompt_id, code), actor)
        if isinstance(answer, NotSent):
            # M-Pesa takes no questions now, and asking on would only make it slower.
            break
    return len(due)


async def follow_prompts(office: Office) -> str:
    """The clock's part for prompts. Returns words for the job."""
    return f"M-Pesa was asked about {await ask_due(office)} prompts."


async def read_list(office: Office) -> str:
    """The clock's part for the list of payments, where the society has it. Returns words; raises as below."""
    refusing = await payment_checks.renew(office)
    undone = await settle_waiting(office)
    if not await office.read(_has_list, None):
        words = f"M-Pesa's list is not read here. {undone} payments found their purpose."
        return f"{words} {refusing}".rstrip()
    return f"{await pull_payments(office)} {refusing}".rstrip()


async def settle_waiting(office: Office) -> int:
    """Try every payment that waits again, in short transactions, so that a person's write goes between them; returns
    how many found their purpose.
    """
    done, total = await office.write(allocations.settle_some, 0), 0
    while done.up_to:
        total += done.settled
        done = await office.write(allocations.settle_some, done.up_to)
    return total


def _has_list(work: Work, _nothing: None) -> bool:
    return society.yes_setting(work, "money_in.read_list")


async def pull_payments(office: Office) -> str:
    """Read M-Pesa's list of payments since the last time, book what was missed and prove what was claimed.

    Raises NotFound before M-Pesa is set up, OutsideUnavailable when the list could not be had.
    """
    said, trouble = [], ""
    for window in await office.read(receipt_pulls.windows, None):
        client = CollectingClient(await office.mpesa(), window.shortcode)
        told = await _list_of(client, window)
        said.append(await office.write(receipt_pulls.take_in, told))
        trouble = trouble or told.trouble
    await settle_waiting(office)
    if trouble:
        raise OutsideUnavailable("M-Pesa", trouble, office.now())
    return " ".join(said)


async def _list_of(client: CollectingClient, window: PullWindow) -> PullTold:
    payments: list[Heard] = []
    unreadable = offset = 0
    for _page in range(MOST_PAGES):
        page = await client.pull(window.since, window.until, offset)
        if not isinstance(page, Pulled):
            reason = page.text if isinstance(page, Refused) else page.reason
            return PullTold(window, tuple(payments), unreadable, reason)
        payments += [_heard(payment, window.shortcode) for payment in page.payments]
        unreadable += page.unreadable
        offset += page.rows
        if page.rows == 0:
            return PullTold(window, tuple(payments), unreadable)
    return PullTold(window, tuple(payments), unreadable, "M-Pesa's list does not end.")


def _heard(payment: PulledPayment, shortcode: str) -> Heard:
    return Heard(
        receipt=payment.receipt,
        shortcode=shortcode,
        paid_at=payment.paid_at,
        amount_cents=payment.amount_cents,
        road=Road.PULL,
        reference=payment.reference,
        payer=payer_told(payment.payer),
    )
