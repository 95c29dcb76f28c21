"""Who may come how often, and who counts as listed. Counts live in memory: a restart forgives."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from callback_relay.settings import Budgets


class SourceList:
    """Safaricom's addresses. Being on it is a mark on the entry and a freedom from budgets, never a
    proof."""

    def __init__(self, sources: Sequence[str]) -> None:
        networks = [ipaddress.ip_network(source) for source in sources]
        self._hosts = {net.network_address for net in networks if net.num_addresses == 1}
        self._networks = [net for net in networks if net.num_addresses > 1]

    def lists(self, source: str) -> bool:
        """Whether an address is listed; text that is no address is not."""
        try:
            address = ipaddress.ip_address(source)
        except ValueError:
            return False
        return address in self._hosts or any(address in net for net in self._networks)


class Turnstile:
    """Counts visits against the budgets."""

    def __init__(self, budgets: Budgets) -> None:
        # The fixed window needs neither a thread nor an executor, unlike the other strategies.
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._token = RateLimitItemPerMinute(budgets.unlisted_per_token_minute)
        self._address = RateLimitItemPerMinute(budgets.unlisted_per_address_minute)
        self._feed = RateLimitItemPerMinute(budgets.feed_per_device_minute)
        self._change = RateLimitItemPerMinute(budgets.changes_per_device_minute)
        self._pairing = RateLimitItemPerHour(budgets.pairings_per_address_hour)

    async def admits_callback(self, tenant: str, token_id: str, source: str) -> bool:
        """One callback from an unlisted source."""
        by_token = await self._hit(self._token, "token", tenant, token_id)
        return by_token and await self._hit(self._address, "callback", neighbourhood(source))

    async def admits_feed(self, device: str) -> bool:
        """One reading of the feed."""
        return await self._hit(self._feed, "feed", device)

    async def admits_change(self, device: str) -> bool:
        """Any other request of a device."""
        return await self._hit(self._change, "change", device)

    async def admits_pairing(self, source: str) -> bool:
        """One try to pair."""
        return await self._hit(self._pairing, "pairing", neighbourhood(source))

    async def _hit(self, item: RateLimitItem, *names: str) -> bool:
        return await self._limiter.hit(item, *names)


def neighbourhood(source: str) -> str:
    """The network that shares a budget: /24 for IPv4, /64 for IPv6, since a single host has many
    addresses there."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return "unknown"
    length = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
