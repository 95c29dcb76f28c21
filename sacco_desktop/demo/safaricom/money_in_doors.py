"""The counters for money that comes in, behind the one gateway."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from sacco_desktop.demo.safaricom.delivery import Delivery
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.faults import Api
from sacco_desktop.demo.safaricom.paybill import Paybill
from sacco_desktop.demo.safaricom.pull import PullDesk, ReversalDesk
from sacco_desktop.demo.safaricom.stk import StkDesk
from sacco_desktop.demo.safaricom.world import World


class MoneyInDoors:
    """Prompts, the paybill, its list, and taking payments back."""

    def __init__(self, world: World, errands: Errands) -> None:
        delivery = Delivery(world, errands)
        self.paybill = Paybill(world, errands, delivery)
        self.prompts = StkDesk(world, errands, delivery, self.paybill)
        self._pull = PullDesk(world)
        self._reversals = ReversalDesk(world, delivery)

    async def take(self, api: Api, product: str, body: Mapping[str, object]) -> Response:
        """Carry out one request whose fields are in order."""
        if api == "stk":
            return await self.prompts.push(body)
        if api == "stk_query":
            return self.prompts.query(body)
        if api == "c2b_register":
            return self.paybill.register(product.partition("/")[2], body)
        if api == "reversal":
            return await self._reversals.take_back(body)
        return self._pull.register(body) if product == "pull/register" else self._pull.query(body)
