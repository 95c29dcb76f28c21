"""Reads what came through a relay or from M-Pesa into the words of the services. Pure: no network, no database."""

from __future__ import annotations

from collections.abc import Callable

from callback_relay.protocol.page import OpenedEntry
from sacco_desktop.domain.money_in import Road
from sacco_desktop.gateways.daraja.answers import (
    ResultNotice,
    StatusNotice,
    Unreadable,
    parse_result,
    parse_status_result,
    parse_timeout,
    redacted,
)
from sacco_desktop.gateways.daraja.balances import BalanceNotice, parse_balance_result
from sacco_desktop.gateways.daraja.exchange import (
    Accepted,
    Doubtful,
    Exchange,
    NotSent,
    Refused,
)
from sacco_desktop.gateways.daraja.outside_json import clean_text, read_object
from sacco_desktop.gateways.daraja.payers import Payer
from sacco_desktop.gateways.daraja.payment_notices import (
    ConfirmationNotice,
    PromptNotice,
    ReversalNotice,
    parse_confirmation,
    parse_prompt,
    parse_reversal,
)
from sacco_desktop.gateways.daraja.result_codes import MEANINGS
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.collecting.prompt_news import PaymentNews, PromptNews
from sacco_desktop.services.collecting.reversal_news import ReversalNews, ReversalTimeoutNews
from sacco_desktop.services.feed.relay_feed import FeedEntry, News, OtherNews, UnreadableNews
from sacco_desktop.services.relays.relays import Place
from sacco_desktop.services.sending.account_readings import Reading
from sacco_desktop.services.sending.balance_questions import BalanceNews, BalanceTimeoutNews
from sacco_desktop.services.sending.payout_intents import IntentNews
from sacco_desktop.services.sending.payout_news import ResultNews, TimeoutNews
from sacco_desktop.services.sending.payout_questions import StatusNews
from sacco_desktop.services.sending.payout_sending import AnswerKind, SendAnswer, WireTrace


def read_entry(entry: OpenedEntry) -> FeedEntry:
    """An entry of the feed with its news; the body is kept without the secrets that a time-out may carry."""
    position = entry.position
    return FeedEntry(
        place=Place(position.epoch, position.sequence, position.chain_hash),
        received_at=entry.at,
        kind=entry.kind,
        tag=entry.tag,
        source=entry.envelope.source or "",
        is_listed_source=entry.envelope.listed,
        body=redacted(entry.body),
        news=read_news(entry.kind, entry.body, entry.system is not None),
    )


def read_news(kind: str, body: bytes, is_system: bool = False) -> News:
    """What an entry of this kind says. What cannot be understood is news too: it is kept and shown."""
    if is_system:
        return OtherNews("The relay speaks of itself.")
    try:
        return _read(kind, body)
    except Unreadable as error:
        return UnreadableNews(f"It could not be read: {error}")


def _read(kind: str, body: bytes) -> News:
    if kind in _ONLY_TOLD:
        return OtherNews(_ONLY_TOLD[kind])
    read = _READERS.get(kind)
    if read is None:
        return UnreadableNews(f"Nothing in this program reads callbacks of the kind {kind} yet.")
    return read(body)


def _timeout(body: bytes) -> News:
    return TimeoutNews(parse_timeout(body).result_text or "queue time-out")


def _balance_timeout(body: bytes) -> News:
    return BalanceTimeoutNews(parse_timeout(body).result_text or "queue time-out")


def _note(body: bytes) -> News:
    try:
        return IntentNews.read(body)
    except ValueError as error:
        return UnreadableNews(f"{error} A newer program on another computer may have laid it down.")


def _prompt(notice: PromptNotice) -> PromptNews:
    return PromptNews(
        merchant_request_id=notice.merchant_request_id,
        checkout_request_id=notice.checkout_request_id,
        code=notice.code,
        receipt=notice.receipt,
        amount_cents=notice.amount_cents,
        paid_at=notice.paid_at,
        payer=payer_told(notice.payer),
    )


def _payment(notice: ConfirmationNotice) -> PaymentNews:
    return PaymentNews(
        Heard(
            receipt=notice.receipt,
            shortcode=notice.shortcode,
            paid_at=notice.paid_at,
            amount_cents=notice.amount_cents,
            road=Road.C2B,
            reference=notice.reference,
            payer=payer_told(notice.payer, notice.payer_name),
        )
    )


def payer_told(payer: Payer, name: str = "") -> PayerTold:
    """Who paid, in the words of the services."""
    return PayerTold(payer.phone, payer.hash, payer.masked, name)


def _result(notice: ResultNotice) -> ResultNews:
    meaning = notice.meaning
    return ResultNews(
        code=notice.result_code,
        words=_words(notice),
        kind=meaning.kind.value,
        is_final=notice.is_final,
        stops_queue=meaning.stops_queue,
        originator_conversation_id=notice.originator_conversation_id,
        conversation_id=notice.conversation_id,
        receipt=notice.receipt,
        amount_cents=notice.amount_cents,
        receiver_phone=notice.receiver_phone,
        completed_at=notice.completed_at,
        utility_available_cents=notice.utility_available_cents,
        working_available_cents=notice.working_available_cents,
        charges_paid_cents=notice.charges_paid_cents,
    )


def _words(notice: ResultNotice) -> str:
    """Our sentence for a code we know; M-Pesa's own text only where we have none. The code itself is kept beside it."""
    if notice.result_code in MEANINGS:
        return notice.meaning.meaning
    return f"{notice.meaning.meaning} M-Pesa says: {notice.result_text}"


def _status(notice: StatusNotice) -> StatusNews:
    told = notice.transaction_status or notice.query_meaning.meaning
    return StatusNews(
        outcome=notice.outcome.value if notice.is_final else "unclear",
        words=told,
        stops_queue=notice.query_meaning.stops_queue,
        query_conversation_id=notice.query_conversation_id,
        originator_conversation_id=notice.originator_conversation_id,
        conversation_id=notice.conversation_id,
        receipt=notice.receipt,
        amount_cents=notice.amount_cents,
        receiver_phone=notice.receiver_phone,
        finalised_at=notice.finalised_at,
        code=notice.query_code,
        debit_party=notice.debit_party,
        credit_party=notice.credit_party,
    )


def _reversal(notice: ReversalNotice) -> ReversalNews:
    return ReversalNews(
        code=notice.code,
        is_final=notice.is_final,
        conversation_id=notice.conversation_id,
        receipt=notice.receipt,
        amount_cents=notice.amount_cents,
    )


def _reversal_timeout(body: bytes) -> News:
    return ReversalTimeoutNews(parse_timeout(body).result_text or "queue time-out")


def _balance(notice: BalanceNotice) -> BalanceNews:
    return BalanceNews(
        code=notice.query_code,
        words=notice.query_meaning.meaning,
        is_final=notice.is_final,
        query_conversation_id=notice.query_conversation_id,
        accounts=tuple(
            Reading(
                told.account,
                told.available_cents,
                told.current_cents,
                told.reserved_cents,
                told.uncleared_cents,
            )
            for told in notice.accounts
        ),
        completed_at=notice.completed_at,
        skipped=notice.skipped,
    )


def read_answer(attempt_id: int, answer: Accepted | Refused | NotSent | Doubtful) -> SendAnswer:
    """M-Pesa's immediate answer in the words of the services."""
    trace = _trace(answer.exchange)
    if isinstance(answer, Accepted):
        conversation = answer.conversation_id
        return SendAnswer(
            attempt_id, AnswerKind.ACCEPTED, "0", answer.text, conversation, False, trace
        )
    if isinstance(answer, Refused):
        kind, code, words = AnswerKind.REFUSED, answer.code, answer.text
    elif isinstance(answer, NotSent):
        kind, code, words = AnswerKind.NOT_SENT, "", answer.reason
    else:
        kind, code, words = AnswerKind.DOUBTFUL, answer.code, answer.reason
    return SendAnswer(attempt_id, kind, code, words, "", answer.stop_queue, trace)


def _trace(exchange: Exchange) -> WireTrace:
    return WireTrace(
        exchange.path, exchange.request_json, exchange.http_status or 0, exchange.response_text
    )


# What needs nothing but to be kept.
_ONLY_TOLD: dict[str, str] = {
    "status-timeout": "A question of ours timed out at M-Pesa; it is asked again.",
    "pull-notice": "M-Pesa speaks of its list of payments.",
    "selftest": "Our own test of the relay.",
}


def _turned_away(body: bytes) -> News:
    """The relay refused a payment by the rules of the society; somebody may call the member."""
    asked = read_object(body)
    account, sum_text = clean_text(asked.get("BillRefNumber")), clean_text(asked.get("TransAmount"))
    return OtherNews(
        f"A payment of KES {sum_text} for the account {account or '(none)'} was turned away while it was made."
    )


_READERS: dict[str, Callable[[bytes], News]] = {
    "b2c-result": lambda body: _result(parse_result(body)),
    "b2c-timeout": _timeout,
    "status-result": lambda body: _status(parse_status_result(body)),
    "balance-result": lambda body: _balance(parse_balance_result(body)),
    "balance-timeout": _balance_timeout,
    "stk": lambda body: _prompt(parse_prompt(body)),
    "c2b-validate": _turned_away,
    "c2b-confirm": lambda body: _payment(parse_confirmation(body)),
    "reversal-result": lambda body: _reversal(parse_reversal(body)),
    "reversal-timeout": _reversal_timeout,
    "note": _note,
}
