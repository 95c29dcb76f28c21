"""Makes a copy of the books while everybody works on. A copy counts when it was opened again and has proven itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sacco_desktop.db.copies import put_in_place
from sacco_desktop.db.engine import open_database
from sacco_desktop.db.migrate import read_revision
from sacco_desktop.db.refusals import in_plain_words
from sacco_desktop.db.structure import refuse_damage
from sacco_desktop.db.witness import Witness
from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput, SaccoError
from sacco_desktop.gateways.secrets import SecretStore
from sacco_desktop.operations.lanes import Lane
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.open_office import KEY_NAME, open_books, open_secrets
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.proof import books_identity, verify
from sacco_desktop.services.proof.books_identity import CopyMade
from sacco_desktop.settings import Settings


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lies beside a copy, in clear: whose books it holds, as of when, and how far. `head_hash` stands for the
    whole journal, `sha256` for the file.
    """

    society: str
    registration_number: str
    books_id: str
    environment: str
    schema: str
    made_at: str
    entries: int
    audit_rows: int
    head_hash: str
    sha256: str


def manifest_path(copy: Path) -> Path:
    """The manifest of a copy lies beside it."""
    return copy.with_name(f"{copy.name}.json")


async def back_up(office: Office, target: Path, actor: Actor) -> Manifest:
    """Copy the books while everybody works on, as `actor`, and write that down in them. Raises like back_up_books."""
    await office.read(books_identity.may_copy, None, actor)
    key = kept_key(office.secrets)
    manifest = await office.lanes.await_on(
        Lane.READ, lambda: back_up_books(office.books, key, target, office.now())
    )
    made = CopyMade(target.name, manifest.entries, manifest.head_hash)
    await office.write(books_identity.note_copied, made, actor)
    return manifest


def back_up_here(settings: Settings, target: Path, now: Callable[[], datetime]) -> Manifest:
    """The same from the command line, also beside an open window. Raises like back_up_books and open_books."""
    with open_books(settings, now) as books:
        return back_up_books(books, kept_key(open_secrets(settings)), target, now())


def kept_key(store: SecretStore) -> bytes:
    kept = store.read(KEY_NAME)
    if kept is None:
        raise BooksDamaged(
            "The key of the books is not on this computer. Enter it from the printed recovery sheet first."
        )
    return bytes.fromhex(kept)


def back_up_books(books: Books, key: bytes, target: Path, now: datetime) -> Manifest:
    """Copy the books to `target`, open the copy, look through every page and prove its journal; then say so beside it.

    Raises InvalidInput under `target` when something lies there, SaccoError when the copy cannot be made or does not
    prove itself; nothing is left under the name then.
    """
    if target.exists():
        raise InvalidInput(
            f"{target} exists already. A copy never takes the place of another.", "target"
        )
    try:
        with in_plain_words():
            books.copy_to(target)
        manifest = proven(target, key, now)
        _write_manifest(target, manifest)
    except (OSError, SaccoError) as error:
        for file in (target, manifest_path(target)):
            with suppress(OSError):
                file.unlink(missing_ok=True)
        if isinstance(error, SaccoError):
            raise
        raise SaccoError(
            f"No copy was made, because {target.parent} cannot be written to ({error.strerror}). Look whether the disk"
            " is there and has room, or choose another folder."
        ) from error
    return manifest


def proven(copy: Path, key: bytes, now: datetime) -> Manifest:
    """Everything of the copy is read back. Raises BooksDamaged."""
    database = open_database(copy, key)
    try:
        refuse_damage(database, is_thorough=True)
        books = Books(database, now=lambda: now, pc_name="")
        identity = books.read(books_identity.identity_of, None, actor=CLOCK)
        proof = books.read(verify.verify, None, actor=CLOCK)
        schema = read_revision(database.reader) or ""
    finally:
        database.close()
        Witness(copy).forget()
    if identity is None or not proof.is_sound:
        first = "it holds no books" if identity is None else _fault_words(proof)
        raise BooksDamaged(f"The copy does not prove itself: {first}. Nothing was changed.")
    return Manifest(
        identity.society,
        identity.registration_number,
        identity.books_id,
        identity.environment,
        schema,
        now.isoformat(),
        proof.entries,
        proof.audit_rows,
        proof.head_hash,
        sha256_of(copy),
    )


def _fault_words(proof: verify.Proof) -> str:
    return f"{proof.faults[0].where} {proof.faults[0].what.rstrip('.')}"


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(copy: Path, manifest: Manifest) -> None:
    beside = copy.with_name(f"{copy.name}.json.part")
    beside.write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False), encoding="utf-8")
    put_in_place(beside, manifest_path(copy))


def read_manifest(copy: Path) -> Manifest | None:
    """What lies beside a copy, or None when nothing does. Raises BooksDamaged for one that cannot be read."""
    path = manifest_path(copy)
    if not path.exists():
        return None
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise BooksDamaged(
            f"{path.name}, which says what the copy is, cannot be read. Nothing was changed. Choose another copy."
        ) from error


def made_words(manifest: Manifest) -> str:
    """When a copy was made and how far it goes."""
    at = datetime.fromisoformat(manifest.made_at)
    when = f"{format_date(business_date(at))} {format_time(at)}"
    return f"{manifest.society}, {when}, {manifest.entries} entries"
