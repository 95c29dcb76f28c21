"""Everything that can be set about a relay, in one frozen value, and the one place that reads the
clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

# The addresses that Safaricom is known to call from. Lists in the wild differ and change without
# notice, so an address is a mark and a class of budget, never a proof.
SAFARICOM_SOURCES = (
    "196.201.212.69",
    "196.201.212.74",
    "196.201.212.127",
    "196.201.212.129",
    "196.201.212.136",
    "196.201.212.138",
    "196.201.213.44",
    "196.201.213.114",
    "196.201.214.200",
    "196.201.214.206",
    "196.201.214.207",
    "196.201.214.208",
)
LOOPBACK_SOURCES = ("127.0.0.0/8", "::1/128")


def utc_now() -> datetime:
    """The time of this machine; everything else is given a `now`."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Budgets:
    """How often somebody may come. Callbacks from listed sources are never refused for coming
    often."""

    unlisted_per_token_minute: int = 30
    unlisted_per_address_minute: int = 60
    feed_per_device_minute: int = 600
    changes_per_device_minute: int = 600
    pairings_per_address_hour: int = 20
    waiting_polls_per_device: int = 2


@dataclass(frozen=True, slots=True)
class Retention:
    """An entry is deleted when every device seen lately has acknowledged it and it has reached the
    younger age, or, whatever happened, at the older age."""

    acknowledged: timedelta = timedelta(days=14)
    longest: timedelta = timedelta(days=90)
    device_counts_for: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """One relay. `port` 0 takes any free port. `name` stands in every checkpoint and must never
    change.

    `public_url` is where Safaricom reaches it, without a slash at the end; None means the address
    it listens on.
    """

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8080
    name: str = "relay.local"
    public_url: str | None = None
    listening_fd: int | None = None
    trusted_proxies: tuple[str, ...] = ()
    sources: tuple[str, ...] = SAFARICOM_SOURCES
    budgets: Budgets = field(default_factory=Budgets)
    retention: Retention = field(default_factory=Retention)
    body_limit: int = 64 * 1024
    commit_seconds: float = 5.0
    body_seconds: float = 10.0
    now: Callable[[], datetime] = utc_now

    @classmethod
    def for_practice(cls, data_dir: Path, port: int = 0) -> RelaySettings:
        """A relay for a practice office: callbacks from this very machine count as Safaricom's."""
        return cls(
            data_dir=data_dir,
            port=port,
            name="practice.relay",
            sources=SAFARICOM_SOURCES + LOOPBACK_SOURCES,
            budgets=Budgets(pairings_per_address_hour=10_000),
        )

    @property
    def database_file(self) -> Path:
        """The feeds, tokens and devices."""
        return self.data_dir / "relay.db"

    @property
    def key_dir(self) -> Path:
        """The relay's own secrets; they are not in the database nor in its backups."""
        return self.data_dir / "keys"

    @property
    def high_water_file(self) -> Path:
        """Beside the data folder, so that restoring the folder does not restore this too."""
        return self.data_dir.with_name(self.data_dir.name + ".high-water")

    @property
    def admin_file(self) -> Path:
        """Where a running relay says how its own command line reaches it."""
        return self.data_dir / "admin.json"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that may open the database for writing."""
        return self.data_dir / "relay.lock"
