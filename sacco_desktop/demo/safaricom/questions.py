"""Questions to the simulated Safaricom: what became of a payout, and what the accounts hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sacco_desktop.demo.safaricom import results
from sacco_desktop.demo.safaricom.delivery import Delivery
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.faults import Api, ArmedFault
from sacco_desktop.demo.safaricom.world import World

Answer = tuple[str, list[results.Item]]

SHORTCODE_KIND = "4"
UNKNOWN_PARTY = "6"
WRONG_FIELD = "25"


@dataclass(frozen=True, slots=True)
class Question:
    """One question that the gateway has taken; `own_id` is that of the payout asked about."""

    api: Api
    body: Mapping[str, object]
    own_id: str

    @property
    def about(self) -> str:
        """What a person reads while the answer is held back."""
        return f"{self.api} result for {self.own_id}" if self.own_id else f"{self.api} result"

    @property
    def result_url(self) -> str:
        return str(self.body["ResultURL"])


class Questions:
    """Answers by callback. A question that is refused for its asker is answered, too, by a code."""

    def __init__(self, world: World, errands: Errands, delivery: Delivery) -> None:
        self._world = world
        self._errands = errands
        self._delivery = delivery

    async def ask(self, question: Question) -> tuple[str, str]:
        """Take a question and see to its answer. Returns the question's own two ids."""
        world, api = self._world, question.api
        with world.changed:
            ids = (world.new_gateway_id(), world.new_conversation_id())
            settle = world.faults.take("settle", api, "", question.own_id)
            callback = world.faults.take("callback", api, "", question.own_id)
            code, items = self._answer(question, settle)
            body = results.query_result(world, ids, code, items)
            if callback and callback.name == "result_unknown_id":
                strangers = (world.new_gateway_id(), world.new_conversation_id())
                body = results.with_ids(body, *strangers)
        if settle and settle.name.startswith("timeout_"):
            self._time_out(question, ids, settle, callback)
        elif callback and callback.name == "result_early":
            await self._post(question, body, callback)
        else:
            self._delivery.schedule(
                lambda: self._post(question, body, callback), callback, question.about
            )
        return ids

    async def _post(
        self, question: Question, body: dict[str, object], callback: ArmedFault | None
    ) -> None:
        name = f"{question.api} result"
        await self._delivery.post_or_lose(name, question.result_url, body, callback)

    def _answer(self, question: Question, settle: ArmedFault | None) -> Answer:
        """The code and, where that is 0, what there is to tell."""
        if problem := self._problem(question):
            return problem, []
        if settle and settle.name == "outcome":
            return settle.text("code"), []
        if question.api == "balance":
            return "0", results.balance_items(self._world)
        return self._status(question, settle)

    def _problem(self, question: Question) -> str:
        """Who asks, and whose accounts: the code of the first thing that is wrong with either."""
        body = question.body
        refused = self._world.initiator.problem(
            str(body["Initiator"]), str(body["SecurityCredential"]), question.api
        )
        if refused:
            return refused
        if str(body["IdentifierType"]) != SHORTCODE_KIND:
            return WRONG_FIELD
        return "" if str(body["PartyA"]) == self._world.profile.shortcode else UNKNOWN_PARTY

    def _status(self, question: Question, settle: ArmedFault | None) -> Answer:
        world, receipt = self._world, str(question.body.get("TransactionID") or "")
        found = world.find(question.own_id, receipt)
        came_in = None if found else world.find_incoming(question.own_id, receipt)
        if came_in is not None and not (settle and settle.name == "status_not_found"):
            return "0", results.incoming_items(world, came_in, bool(question.own_id))
        unknown = found is None or found.state == "Queued"
        if found and found.state == "Declined" and world.oddities.failed_status == "not_found":
            unknown = True
        if found is None or unknown or (settle and settle.name == "status_not_found"):
            return world.oddities.not_found_code, []
        state = found.state
        if settle and settle.name == "status_open":
            state = settle.text("state")
        return "0", results.status_items(world, found, state)

    def _time_out(
        self,
        question: Question,
        ids: tuple[str, str],
        settle: ArmedFault,
        callback: ArmedFault | None,
    ) -> None:
        """The question waited too long in the queue. It may be answered later all the same."""
        url = str(question.body["QueueTimeOutURL"])
        if settle.name == "timeout_original":
            # The real one hands back the whole request, the SecurityCredential included.
            raw = results.to_bytes(dict(question.body))
        else:
            raw = results.to_bytes(results.question_timed_out(self._world, ids))
        name = f"{question.api} queue time-out"
        delay = self._world.profile.result_delay_seconds
        self._errands.run(lambda: self._errands.post(name, url, raw), delay)
        if settle.options["paid_later"]:
            self._errands.run(
                lambda: self._answer_late(question, ids, callback),
                settle.number("seconds"),
                held=True,
                about=question.about,
            )

    async def _answer_late(
        self, question: Question, ids: tuple[str, str], callback: ArmedFault | None
    ) -> None:
        """What is true by then, not what was true when it was asked."""
        with self._world.changed:
            code, items = self._answer(question, None)
            body = results.query_result(self._world, ids, code, items)
        await self._post(question, body, callback)
