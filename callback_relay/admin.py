"""What the operator can ask of a relay, the same whether it runs or not. No command shows a body:
there is none to show."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from callback_relay import backups, changes, pairings
from callback_relay.database import STORAGE_VERSION, Connection
from callback_relay.reading import feed_state
from callback_relay.relay import Relay
from callback_relay.writer import Refusal

Answer = dict[str, Any]
_LEAST_FREE = 0.05
_COMMIT_FRESH_SECONDS = 10.0


class CannotDo(Exception):
    """The command cannot be carried out; the text says why."""


class AdminDesk:
    """Carries out commands by name. Call it from a thread that may wait, never from the event
    loop."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._commands: dict[str, Callable[..., Answer]] = {
            "tenant-add": self.add_tenant,
            "tenant-list": self.list_tenants,
            "pair-new": self.new_pairing,
            "device-revoke": self.revoke_device,
            "token-list": self.list_tokens,
            "stats": self.stats,
            "backup": self.backup,
            "verify": self.verify,
            "doctor": self.doctor,
            "prune": self.prune,
        }

    def perform(self, name: str, arguments: dict[str, Any]) -> Answer:
        """Carry out a command; CannotDo for an unknown one, wrong arguments, or a rule that says
        no."""
        command = self._commands.get(name)
        if command is None:
            raise CannotDo(f"there is no command {name}")
        try:
            return command(**arguments)
        except (Refusal, backups.NotUsable, TypeError) as error:
            raise CannotDo(str(error)) from error

    def add_tenant(self, label: str) -> Answer:
        """Take in a society and make its first pairing code."""
        now = self._relay.settings.now()
        tenant = self._relay.change_now(lambda feeds: changes.add_tenant(feeds, label, now))
        return {"tenant": tenant, "label": label, **self.new_pairing(tenant)}

    def list_tenants(self) -> Answer:
        """Every society with the length of its feed."""

        def read(connection: Connection) -> list[Answer]:
            rows = connection.execute(
                "SELECT id, label, created, seq, tail_seq, last_at FROM tenant ORDER BY created"
            ).fetchall()
            names = ("tenant", "label", "created", "head", "tail", "last_entry_at")
            return [dict(zip(names, row, strict=True)) for row in rows]

        return {"tenants": self._relay.read_now(read)}

    def new_pairing(self, tenant: str) -> Answer:
        """A pairing code for one more computer of a society, named by id or label."""
        tenant = self._tenant_id(tenant)
        relay = self._relay
        now = relay.settings.now()
        code = relay.change_now(lambda feeds: pairings.new_code(feeds, relay.keys, tenant, now))
        return {"code": code, "valid_hours": int(pairings.CODE_LIVES.total_seconds() // 3600)}

    def revoke_device(self, device: str) -> Answer:
        """Stop accepting a computer."""
        now = self._relay.settings.now()
        self._relay.change_now(lambda feeds: changes.revoke_device(feeds, device, now))
        return {"device": device, "state": "revoked"}

    def list_tokens(self, tenant: str) -> Answer:
        """A society's tokens by public id; the tokens themselves are not known here."""
        _, message = self._relay.read_now(feed_state, self._tenant_id(tenant))
        return {"tokens": message["tokens"]}

    def stats(self, tenant: str | None = None) -> Answer:
        """How the relay does, or one society's feed."""
        relay = self._relay
        if tenant is not None:
            return dict(relay.read_now(feed_state, self._tenant_id(tenant))[1])
        return {
            "counts": dict(relay.counts),
            "commits": relay.writer.commits,
            "epoch": relay.writer.epoch,
            "waiting_to_commit": relay.writer.depth,
            "waiting_polls": len(relay.waiting),
            "free_disk": round(self._free_disk(), 3),
        }

    def backup(self, path: str) -> Answer:
        """Write a copy and check it link by link."""
        target = Path(path)
        self._relay.read_now(backups.write_copy, target)
        return {"path": str(target), **asdict(backups.check_file(target))}

    def verify(self) -> Answer:
        """Check the relay's own file."""
        return asdict(self._relay.read_now(backups.check))

    def prune(self) -> Answer:
        """Delete what need not be kept any more."""
        relay = self._relay
        rules, now = relay.settings.retention, relay.settings.now()
        deleted = 0
        for item in self.list_tenants()["tenants"]:
            tenant = item["tenant"]
            while count := relay.change_now(
                partial(changes.prune, tenant=tenant, retention=rules, now=now)
            ):
                deleted += count
        return {"deleted": deleted}

    def doctor(self) -> Answer:
        """Look at what commonly goes wrong on a machine."""
        settings = self._relay.settings
        began = time.monotonic()
        self._relay.change_now(lambda _feeds: None)
        commit = time.monotonic() - began
        key_modes = [path.stat().st_mode & 0o077 for path in settings.key_dir.glob("*.key")]
        checks = {
            "commit is quick": commit < 0.1,
            "disk has room": self._free_disk() > _LEAST_FREE,
            "keys are private": not any(key_modes),
            "high-water file is written": settings.high_water_file.exists(),
            "callback address is public": self._relay.public_url.startswith("https://"),
        }
        return {
            "storage": STORAGE_VERSION,
            "commit_ms": round(commit * 1000, 2),
            "checks": checks,
            "well": all(checks.values()),
        }

    def readiness(self) -> list[str]:
        """What keeps the relay from taking callbacks; empty when nothing does. It commits if nobody
        did lately."""
        relay = self._relay
        last = relay.last_commit_at
        if not relay.failed.is_set() and (
            last is None or time.monotonic() - last > _COMMIT_FRESH_SECONDS
        ):
            relay.change_now(lambda _feeds: None)
        troubles = []
        if relay.failed.is_set() or not relay.writer.is_alive():
            troubles.append("the storage has failed")
        if self._free_disk() < _LEAST_FREE:
            troubles.append("the disk is nearly full")
        return troubles

    def _free_disk(self) -> float:
        usage = shutil.disk_usage(self._relay.settings.data_dir)
        return usage.free / usage.total

    def _tenant_id(self, name: str) -> str:
        def read(connection: Connection) -> str | None:
            row = connection.execute(
                "SELECT id FROM tenant WHERE id = ? OR label = ?", (name, name)
            ).fetchone()
            return str(row[0]) if row else None

        found = self._relay.read_now(read)
        if found is None:
            raise CannotDo(f"there is no society {name}")
        return found
