"""The relays this office is enrolled at, where it stands in each feed, and every entry as it came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalBytes, PersonalText


class Relay(Table):
    """A relay. Keys are in the keyring; here stand its addresses and our position, which moves with the effects.

    `epoch`, `sequence` and `chain_hash` name the last entry taken in; `token` is the secret part of our
    callback address.
    """

    __tablename__ = "relay"
    __table_args__ = strict()

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    api_url: Mapped[str]
    callback_url: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    host: Mapped[str]
    tenant: Mapped[str]
    token: Mapped[str]
    epoch: Mapped[int]
    sequence: Mapped[int]
    chain_hash: Mapped[bytes]
    checkpoint: Mapped[str | None]
    read_to_head_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")


class RelayEntry(Table):
    """An entry of a feed: the bytes as received, the opened body, and what became of it."""

    __tablename__ = "relay_entry"
    __table_args__ = strict(
        CheckConstraint("state IN ('applied', 'noted', 'parked')", "state_is_known"),
        # A relay that was put back unnoticed gives numbers out again until it begins a new epoch.
        UniqueConstraint("relay_id", "epoch", "sequence", "hash"),
        Index("ix_relay_entry_state", "state"),
        # Intents that these books do not know are looked for before each sending.
        Index("ix_relay_entry_kind", "kind", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    relay_id: Mapped[int]
    epoch: Mapped[int]
    sequence: Mapped[int]
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    kind: Mapped[str]
    tag: Mapped[str | None]
    source: Mapped[str]
    is_listed_source: Mapped[bool]
    body: Mapped[bytes] = mapped_column(PersonalBytes("relay_entry.body"))
    hash: Mapped[bytes]
    state: Mapped[str]
    outcome: Mapped[str] = mapped_column(PersonalText("relay_entry.outcome"))
    tries: Mapped[int] = mapped_column(default=1)


class DamagedEntry(Table):
    """An entry of a feed that could not be verified, with its raw bytes; the feed stands before it until it is skipped.

    `epoch`, `sequence` and `chain_hash` are the place behind it, for which the relay has signed. `request_id` is the
    approval by which two people skipped it.
    """

    __tablename__ = "damaged_entry"
    __table_args__ = strict(UniqueConstraint("relay_id", "epoch", "sequence", "chain_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    relay_id: Mapped[int] = mapped_column(ForeignKey("relay.id"))
    epoch: Mapped[int]
    sequence: Mapped[int]
    chain_hash: Mapped[bytes]
    header: Mapped[bytes] = mapped_column(PersonalBytes("damaged_entry.header"))
    box: Mapped[bytes] = mapped_column(PersonalBytes("damaged_entry.box"))
    why: Mapped[str]
    found_at: Mapped[datetime]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"))
    skipped_at: Mapped[datetime | None]


_LASTS = text("until IS NULL")


class RelayRest(Table):
    """A person let a relay rest, so that sending goes on without it, from `since` until it was taken back into use."""

    __tablename__ = "relay_rest"
    __table_args__ = strict(
        Index(
            "uq_relay_rest_relay_id_lasting",
            "relay_id",
            unique=True,
            sqlite_where=_LASTS,
            postgresql_where=_LASTS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    relay_id: Mapped[int] = mapped_column(ForeignKey("relay.id"))
    since: Mapped[datetime]
    rested_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(PersonalText("relay_rest.reason"))
    until: Mapped[datetime | None]
    woken_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
