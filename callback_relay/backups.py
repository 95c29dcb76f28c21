"""Copies of the relay's file: made from inside while it runs, checked link by link, and put back
with a new epoch."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from callback_relay.database import Connection, StorageError, open_for_reading
from callback_relay.protocol.chain import link
from callback_relay.settings import RelaySettings


class NotUsable(Exception):
    """The file is not a sound copy of a relay. The text says why."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found in a sound file."""

    tenants: int
    entries: int
    commits: int
    newest_entry_at: str | None


def write_copy(connection: Connection, target: Path) -> None:
    """Write a whole, compact copy of the file as it is committed now. It holds sealed boxes, hashes
    and public keys."""
    if target.exists():
        raise NotUsable("a file of that name exists")
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute("VACUUM INTO ?", (str(target),))
    os.chmod(target, 0o600)


def check_file(path: Path) -> Findings:
    """Check a file that no relay is using; raises NotUsable."""
    try:
        connection = open_for_reading(path)
        try:
            return check(connection)
        finally:
            connection.close()
    except StorageError as error:
        raise NotUsable("the file cannot be read as a relay's") from error


def check(connection: Connection) -> Findings:
    """Check every page of the file and every link of every chain; raises NotUsable and names the
    first fault."""
    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise NotUsable("the file is damaged")
    entries = 0
    tenants = connection.execute(
        "SELECT id, tail_seq, tail_h, seq, h FROM tenant ORDER BY id"
    ).fetchall()
    for tenant, tail_sequence, tail_hash, head_sequence, head_hash in tenants:
        sequence, chain_hash = tail_sequence, bytes(tail_hash)
        rows = connection.execute(
            "SELECT seq, hdr, box, h FROM entry WHERE tenant = ? ORDER BY seq", (tenant,)
        )
        for found, header, box, stored in rows:
            sequence += 1
            chain_hash = link(chain_hash, bytes(header), bytes(box))
            if found != sequence or chain_hash != bytes(stored):
                raise NotUsable(f"the chain of {tenant} breaks at entry {sequence}")
            entries += 1
        if sequence != head_sequence or chain_hash != bytes(head_hash):
            raise NotUsable(f"the chain of {tenant} does not reach its head")
    commits = connection.execute("SELECT v FROM meta WHERE k = 'commits'").fetchone()
    newest = connection.execute("SELECT max(last_at) FROM tenant").fetchone()[0]
    return Findings(len(tenants), entries, commits[0] if commits else 0, newest or None)


def put_back(settings: RelaySettings, source: Path, suffix: str) -> Findings:
    """Replace the relay's file by a checked copy; the old file is kept under a name ending in
    `suffix`.

    The caller holds the folder's lock and opens a new epoch afterwards.
    """
    findings = check_file(source)
    target = settings.database_file
    part = target.with_name(target.name + ".restoring")
    shutil.copyfile(source, part)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    for ending in ("", "-wal", "-shm"):
        old = target.with_name(target.name + ending)
        if old.exists():
            old.rename(target.with_name(f"{target.name}.{suffix}{ending}"))
    os.replace(part, target)
    return findings
