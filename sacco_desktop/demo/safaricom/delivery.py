"""What becomes of a payout after it was taken: when the money moves and what is posted back."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.demo.safaricom import payments, results
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.faults import ArmedFault
from sacco_desktop.demo.safaricom.world import Transaction, World

GARBAGE = b'{"Result":{"ResultCode":0,'


class Delivery:
    """Carries payouts out and posts their results, with at most one fault in each of the two."""

    def __init__(self, world: World, errands: Errands) -> None:
        self._world = world
        self._errands = errands

    async def carry_out(
        self, transaction: Transaction, settle: ArmedFault | None, callback: ArmedFault | None
    ) -> None:
        """Move the money, now or later, and have the result posted. Returns before it is posted,
        unless the result is to come before the synchronous answer.
        """
        name = settle.name if settle else ""
        if settle and name == "settles_late":
            transaction.state = "Authorized"
            self._settle_later(transaction, settle.number("seconds"), callback)
        elif settle and name.startswith("timeout_"):
            self._errands.run(
                lambda: self._post_timeout(transaction, name),
                self._world.profile.result_delay_seconds,
            )
            if settle.options["paid_later"]:
                self._settle_later(transaction, settle.number("seconds"), callback)
        else:
            if name == "float_drained":
                self._world.ledger.drain_utility()
            payments.settle(
                self._world,
                transaction,
                settle.text("code") if settle and name == "outcome" else "",
            )
            await self._post_in_time(transaction, callback)

    async def post_or_lose(
        self, name: str, url: str, body: dict[str, object], callback: ArmedFault | None
    ) -> None:
        """Post one body as a callback fault says; faults of its content are not looked at here."""
        raw = results.to_bytes(body)
        what = callback.name if callback else ""
        if what == "result_lost":
            self._world.log("callback", name, url, body, "lost on purpose")
            return
        if what == "result_garbage":
            raw = GARBAGE
        await self._errands.post(name, url, raw)
        if what == "result_doubled":
            await self._errands.post(name, url, raw)

    def schedule(
        self, action: Callable[[], object], callback: ArmedFault | None, about: str
    ) -> None:
        """Run a posting after the usual delay, or put it off when the result is to be late."""

        async def post() -> None:
            outcome = action()
            if hasattr(outcome, "__await__"):
                await outcome

        if callback and callback.name == "result_late":
            self._errands.run(post, callback.number("seconds"), held=True, about=about)
        else:
            self._errands.run(post, self._world.profile.result_delay_seconds)

    async def _post_in_time(self, transaction: Transaction, callback: ArmedFault | None) -> None:
        if callback and callback.name == "result_early":
            await self._post_result(transaction, callback)
            return
        about = f"B2C result for {transaction.originator_id}"
        self.schedule(lambda: self._post_result(transaction, callback), callback, about)

    def _settle_later(
        self, transaction: Transaction, seconds: float, callback: ArmedFault | None
    ) -> None:
        async def settle_and_post() -> None:
            payments.settle(self._world, transaction)
            await self._post_result(transaction, callback)

        about = f"Payment and B2C result of {transaction.originator_id}"
        self._errands.run(settle_and_post, seconds, held=True, about=about)

    async def _post_result(self, transaction: Transaction, callback: ArmedFault | None) -> None:
        with self._world.changed:
            bodies = self._bodies(transaction, callback)
        for body in bodies:
            await self.post_or_lose("B2C result", transaction.result_url, body, callback)

    def _bodies(
        self, transaction: Transaction, callback: ArmedFault | None
    ) -> list[dict[str, object]]:
        """The true result, or what a fault makes of it; a forger may be followed by the truth."""
        world, name = self._world, callback.name if callback else ""
        true = results.b2c_result(world, transaction)
        if callback is None:
            return [true]
        if name == "result_unknown_id":
            return [results.with_ids(true, world.new_gateway_id(), world.new_conversation_id())]
        if name == "result_other_amount":
            shillings = int(callback.number("amount_shillings"))
            return [results.with_parameter(true, "TransactionAmount", shillings)]
        if name == "result_other_receiver":
            party = f"{callback.text('receiver')} - SOMEBODY ELSE"
            return [results.with_parameter(true, "ReceiverPartyPublicName", party)]
        if name == "result_not_final":
            forged = results.more_to_come(true)
        elif name == "result_forged_failure":
            forged = results.failed_result(world, transaction, callback.text("code"))
        elif name == "result_forged_payment":
            forged = results.forged_payment(world, transaction)
        else:
            return [true]
        return [forged, true] if callback.options["real_too"] else [forged]

    async def _post_timeout(self, transaction: Transaction, name: str) -> None:
        if name == "timeout_original":
            # The real one hands back the whole request, the SecurityCredential included.
            body = dict(transaction.request)
        else:
            with self._world.changed:
                body = results.timed_out(self._world, transaction)
        await self._errands.post(
            "B2C queue time-out", transaction.timeout_url, results.to_bytes(body)
        )
