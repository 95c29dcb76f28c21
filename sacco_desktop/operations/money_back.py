"""Gives payments to the paybill back through M-Pesa, and asks M-Pesa about them and about codes that members show."""

from __future__ import annotations

from functools import partial

from sacco_desktop.domain.errors import OutsideUnavailable, SaccoError
from sacco_desktop.gateways.daraja.collecting import CollectingClient, ReversalRequest
from sacco_desktop.gateways.daraja.exchange import Accepted, StatusRequest
from sacco_desktop.operations.listen import wait_for_first
from sacco_desktop.operations.news_reading import read_answer
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import CLOCK, Actor
from sacco_desktop.services.collecting import (
    receipt_claims,
    receipt_questions,
    receipt_reversals,
    reversal_list,
)
from sacco_desktop.services.collecting.receipt_claims import ClaimRow, NewClaim
from sacco_desktop.services.collecting.receipt_questions import (
    About,
    AskAbout,
    ReceiptQuestionAnswered,
)
from sacco_desktop.services.collecting.receipt_reversals import (
    ReversalAnswered,
    ReversalChange,
    ReversalOrder,
    SendReversal,
)
from sacco_desktop.services.collecting.reversal_list import ReversalRow
from sacco_desktop.services.relays.relays import RelayRow
from sacco_desktop.services.sending.payout_sending import (
    AnswerKind,
    Route,
    SendAnswer,
    WireTrace,
)


async def take_back(office: Office, change: ReversalChange, actor: Actor) -> ReversalRow:
    """Send one request to take a payment back, or the same one again while it is in doubt.

    Raises OutsideUnavailable when no relay can carry the result, and what `receipt_reversals.begin` refuses.
    """
    client = CollectingClient(await office.mpesa())
    row = await _relay(office)
    order = await office.write(
        receipt_reversals.begin, SendReversal(change, _route(office, row)), actor
    )
    rows = {one.relay_id: one for one in await office.relays()}
    carrier = rows[order.relay_id]
    answered = await _reverse(office, client, order, carrier)
    await office.write(receipt_reversals.record_answer, answered, actor)
    return await office.read(reversal_list.row_of, order.reversal_id, actor)


async def _reverse(
    office: Office, client: CollectingClient, order: ReversalOrder, row: RelayRow
) -> ReversalAnswered:
    relay = office.relay(row)
    try:
        request = ReversalRequest(
            order.receipt,
            order.amount_shillings,
            relay.callback_address("reversal-result", row.token, order.tag),
            relay.callback_address("reversal-timeout", row.token, order.tag),
            order.reason,
        )
        answer = await client.reverse(request)
    except SaccoError as fault:
        # It could not be written, so nothing has left; the row is committed already and must not stay open.
        trace = WireTrace("(not called)", "", 0, "")
        refused = SendAnswer(0, AnswerKind.NOT_SENT, "", fault.message, "", False, trace)
        return ReversalAnswered(order.reversal_id, refused)
    originator = answer.originator_conversation_id if isinstance(answer, Accepted) else ""
    return ReversalAnswered(order.reversal_id, read_answer(0, answer), originator)


async def claim_code(office: Office, new: NewClaim, actor: Actor) -> ClaimRow:
    """Write a code down that a member shows, ask M-Pesa about it, and wait a little for the answer. The claim stands
    when M-Pesa cannot be asked now; the clock asks later. Raises what `receipt_claims.claim` refuses.
    """
    row = await office.write(receipt_claims.claim, new, actor)
    try:
        question = await ask(office, About(claim_id=row.claim_id), actor)
        await wait_for_first(office, partial(_is_over, office, question))
    except SaccoError:
        pass  # The row says that it is not proven, and the clock asks again.
    return await office.read(receipt_claims.row_of, row.claim_id, actor)


async def ask(office: Office, about: About, actor: Actor = CLOCK) -> int:
    """Ask M-Pesa about one code or one taking back; the question's id. The answer comes through a relay or never.

    Raises OutsideUnavailable when no relay can carry it, WrongState when there is no id to ask by.
    """
    mpesa = await office.mpesa()
    row = await _relay(office)
    order = await office.write(receipt_questions.begin, AskAbout(about, _route(office, row)), actor)
    relay = office.relay(row)
    answer = await mpesa.ask_status(
        StatusRequest(
            result_url=relay.callback_address("status-result", row.token, order.tag),
            timeout_url=relay.callback_address("status-timeout", row.token, order.tag),
            originator_conversation_id=order.originator_id,
            receipt=order.code,
        )
    )
    answered = ReceiptQuestionAnswered(order.question_id, read_answer(0, answer))
    await office.write(receipt_questions.record_answer, answered, actor)
    return order.question_id


async def follow(office: Office) -> str:
    """The clock's part: doubts of what was cut off, and questions that are due. Returns words for the job."""
    await office.write(receipt_reversals.doubt_cut_off, None)
    due = await office.read(receipt_questions.due, None)
    for about in due:
        await ask(office, about)
    return f"M-Pesa was asked about {len(due)} payments to us."


async def _is_over(office: Office, question_id: int) -> bool:
    return await office.read(receipt_questions.is_over, question_id)


async def _relay(office: Office) -> RelayRow:
    rows = [row for row in await office.relays() if row.is_used]
    row = next((row for row in rows if not row.trouble), None)
    if row is None:
        raise OutsideUnavailable(
            "relay",
            "No relay can carry M-Pesa's answer now, so M-Pesa was not asked.",
            office.now(),
        )
    return row


def _route(office: Office, row: RelayRow) -> Route:
    return Route(row.relay_id, row.host, office.relay(row).connection.society.tag_key)
