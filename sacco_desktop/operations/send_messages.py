"""Sends what waits in the outbox, asks what became of what was sent, and what is left of the credit; the clock's part.

Each call is committed before it is made and its answer after it, so a program that stops anywhere leaves a doubt and
never sends twice.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta

import httpx

from sacco_desktop.domain.errors import NotFound, OutsideUnavailable, SaccoError
from sacco_desktop.domain.messages.answers import Told
from sacco_desktop.gateways.messages import africas_talking, calls, mail, twilio
from sacco_desktop.gateways.messages.africas_talking import AfricasTalkingAccess
from sacco_desktop.gateways.messages.calls import PATIENT, CallTimes, GatewayAnswer
from sacco_desktop.gateways.messages.mail import Mail, MailPaper, MailServer
from sacco_desktop.gateways.messages.twilio import TwilioAccess
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.messages import (
    message_gateways,
    message_list,
    message_reports,
    message_sending,
    message_stops,
)
from sacco_desktop.services.messages.message_gateways import (
    AFRICAS_TALKING,
    GATEWAY_WORDS,
    SMTP,
    TWILIO,
    BalanceTold,
    GatewayFacts,
    GatewayRow,
)
from sacco_desktop.services.messages.message_reports import Report, ReportDue
from sacco_desktop.services.messages.message_sending import Down, SendAnswered, SendOrder
from sacco_desktop.services.office import society

# One run makes room for the other jobs of the clock; what is left goes out in the next.
SECONDS_A_RUN = 40.0
MOST_A_RUN = 500
_BALANCE_EVERY = timedelta(hours=6)


def secret_name(gateway: str) -> str:
    """The entry of the keyring that holds the secret of a gateway."""
    return f"messages/{gateway}"


async def connect(office: Office, facts: GatewayFacts, secret: str, actor: Actor) -> None:
    """Keep a gateway and its secret, which an empty one leaves as it is. Raises InvalidInput."""
    environment = await office.read(_environment, None, actor)
    if facts.gateway == SMTP:
        MailServer(facts.address, facts.account, facts.sender, "", "").place()
    elif facts.gateway == TWILIO:
        _ = TwilioAccess(environment, facts.address, facts.account, facts.sender, "").account_url
    elif facts.gateway == AFRICAS_TALKING:
        _ = AfricasTalkingAccess(environment, facts.address, facts.account, facts.sender, "").host
    await office.write(message_gateways.save, facts, actor)
    if secret:
        office.secrets.write(secret_name(facts.gateway), json.dumps({"secret": secret}))


def _environment(work: Work, _nothing: None) -> str:
    return society.society_of(work).environment


async def send_waiting(office: Office, times: CallTimes | None = None) -> str:
    """The clock's part for messages; words for the job. Raises OutsideUnavailable when a gateway cannot be reached."""
    if not (await office.read(message_list.head, None)).is_on:
        return "The society sends no messages."
    await office.write(message_sending.recover, None)
    times = times or PATIENT
    async with calls.client(times) as http:
        run = _Run(office, http, times)
        count = await run.send_all()
        reports = await run.ask_reports()
        await run.ask_balances()
    if run.down:
        who = " and ".join(GATEWAY_WORDS[one] for one in run.down)
        words = f"{who} cannot be reached. {count} messages went out, the others wait."
        raise OutsideUnavailable("messages", words, office.now())
    return f"{count} messages went out, {reports} were asked about."


class _Run:
    """One run over the outbox, with the gateways that could not be reached in it."""

    def __init__(self, office: Office, http: httpx.AsyncClient, times: CallTimes) -> None:
        self._office = office
        self._http = http
        self._times = times
        self.down: tuple[str, ...] = ()

    async def send_all(self) -> int:
        """Send one after the other until nothing may leave any more, or the time of this run is over."""
        began, count = time.monotonic(), 0
        while count < MOST_A_RUN and time.monotonic() - began < SECONDS_A_RUN:
            order = await self._office.write(message_sending.begin_next, Down(self.down))
            if order is None:
                break
            answer = await self._call(order)
            if answer.told is Told.NOT_SENT:
                self.down = (*self.down, order.gateway)
            count += answer.told is Told.TAKEN
            answered = SendAnswered(
                order.attempt_id,
                answer.told,
                answer.words,
                answer.code,
                answer.gateway_id,
                answer.cost,
                answer.http_status,
                answer.text,
            )
            await self._office.write(message_sending.record_answer, answered)
        return count

    async def _call(self, order: SendOrder) -> GatewayAnswer:
        """Whatever is wrong with what we have of the gateway is found before anything leaves."""
        try:
            row = await self._office.read(message_gateways.current, order.gateway)
            if order.gateway == SMTP:
                return await mail.send(self._mail_server(row), await self._mail(order))
            if order.gateway == TWILIO:
                return await twilio.send(self._http, self._twilio(row), order.address, order.text)
            return await africas_talking.send(
                self._http, self._africas_talking(row), order.address, order.text
            )
        except SaccoError as fault:
            return GatewayAnswer(Told.GATEWAY_REFUSES_US, fault.message)

    async def _mail(self, order: SendOrder) -> Mail:
        papers = tuple(MailPaper(one.name, one.media, one.content) for one in order.papers)
        return Mail(order.address, order.heading, order.text, order.own_id, papers)

    def _secret(self, gateway: str) -> str:
        kept = self._office.secrets.read(secret_name(gateway))
        if kept is None:
            who = GATEWAY_WORDS[gateway]
            raise NotFound(f"The secret of {who} is not on this computer. Enter it in Settings.")
        return str(json.loads(kept)["secret"])

    def _africas_talking(self, row: GatewayRow) -> AfricasTalkingAccess:
        facts = row.facts
        secret = self._secret(AFRICAS_TALKING)
        return AfricasTalkingAccess(
            row.environment, facts.address, facts.account, facts.sender, secret, self._times
        )

    def _twilio(self, row: GatewayRow) -> TwilioAccess:
        facts, secret = row.facts, self._secret(TWILIO)
        return TwilioAccess(
            row.environment, facts.address, facts.account, facts.sender, secret, self._times
        )

    def _mail_server(self, row: GatewayRow) -> MailServer:
        facts = row.facts
        secret = self._secret(SMTP) if facts.account else ""
        seconds = self._times.read_seconds
        return MailServer(facts.address, facts.account, facts.sender, "", secret, seconds)

    async def ask_reports(self) -> int:
        """Ask what became of messages; returns about how many."""
        due = await self._office.read(message_reports.due, None)
        if due and not await self._is_stopped(TWILIO):
            row = await self._office.read(message_gateways.current, TWILIO)
            for one in due:
                await self._ask(one, self._twilio(row))
        return len(due)

    async def _is_stopped(self, gateway: str) -> bool:
        stops = await self._office.read(message_stops.standing, None)
        return gateway in {one.gateway for one in stops}

    async def _ask(self, due: ReportDue, access: TwilioAccess) -> None:
        told = await twilio.report(self._http, access, due.gateway_id)
        await self._office.write(message_reports.asked, due.message_id)
        if told is not None:
            report = Report(TWILIO, told.gateway_id, told.became, told.words, told.cost)
            await self._office.write(message_reports.take_in, report)

    async def ask_balances(self) -> None:
        """Ask what is left of the credit where that is not known for some hours."""
        for row in await self._office.read(message_gateways.list_gateways, None):
            gateway = row.facts.gateway
            fresh = row.balance_at is not None and (
                abs(self._office.now() - row.balance_at) < _BALANCE_EVERY
            )
            if gateway == SMTP or fresh or gateway in self.down or await self._is_stopped(gateway):
                continue
            if self._office.secrets.read(secret_name(gateway)) is None:
                continue
            if gateway == TWILIO:
                left = await twilio.balance(self._http, self._twilio(row))
            else:
                left = await africas_talking.balance(self._http, self._africas_talking(row))
            if left:
                await self._office.write(message_gateways.note_balance, BalanceTold(gateway, left))
