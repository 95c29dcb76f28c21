"""A small mail server on this computer that keeps what it gets, and breaks off where it is told.

It speaks as much of SMTP (RFC 5321) as a program that hands mail in needs: EHLO, AUTH PLAIN, MAIL, RCPT, DATA.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType

_SECONDS = 10.0
_MOST_BYTES = 16 * 1024 * 1024
USER, PASSWORD = "office", "simulated password of the mail server"

# At what point it breaks off or refuses, and what it says there; nothing means that it hangs up.
MAIL_FAULTS = {
    "drop_at_mail": b"",
    "drop_at_data": b"",
    "drop_after_data": b"",
    "refuse_sender": b"550 You may not send as this address\r\n",
    "refuse_receiver": b"550 No such mailbox\r\n",
    "full_mailbox": b"452 The mailbox is full, try later\r\n",
    "refuse_data": b"554 We take no such mail\r\n",
    "refuse_mail": b"554 This looks like spam\r\n",
}


@dataclass(frozen=True, slots=True)
class GotMail:
    """A mail as it came in."""

    sender: str
    receiver: str
    message: EmailMessage


@dataclass(slots=True)
class _Talk:
    """One conversation."""

    is_known: bool = False
    sender: str = ""
    receiver: str = ""


@dataclass(slots=True)
class MailBox:
    """What came in, and the faults that come next, one a mail."""

    got: list[GotMail] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)


class SimulatedMailServer:
    """A mail server on a free port of this computer; use it as `with`."""

    def __init__(self) -> None:
        self.box = MailBox()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._port = 0
        self._thread = threading.Thread(target=self._run, name="simulated mail server", daemon=True)

    @property
    def address(self) -> str:
        """Where it is, as Settings want it."""
        return f"smtp://127.0.0.1:{self._port}"

    def __enter__(self) -> SimulatedMailServer:
        self._thread.start()
        if not self._ready.wait(_SECONDS):
            raise RuntimeError("The simulated mail server did not start.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_SECONDS)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=_MOST_BYTES)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self.box.lock:
            fault = self.box.faults.pop(0) if self.box.faults else ""
        talk = _Talk()
        writer.write(b"220 simulated.invalid\r\n")
        try:
            while line := await reader.readline():
                answer = await self._answer(line.strip(), talk, fault, (reader, writer))
                if not answer:
                    break
                writer.write(answer)
                await writer.drain()
                if answer.startswith(b"221"):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _answer(
        self,
        line: bytes,
        talk: _Talk,
        fault: str,
        wire: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> bytes:
        verb, _space, rest = line.partition(b" ")
        verb = verb.upper()
        if verb in (b"EHLO", b"HELO"):
            return b"250-simulated.invalid\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n"
        if verb == b"AUTH":
            talk.is_known = _is_known(rest)
            return b"235 Welcome\r\n" if talk.is_known else b"535 Wrong user or password\r\n"
        if verb == b"QUIT":
            return b"221 Bye\r\n"
        if verb in (b"RSET", b"NOOP"):
            return b"250 OK\r\n"
        if not talk.is_known:
            return b"530 Say who you are first\r\n"
        return await self._take(verb, rest, talk, fault, wire)

    async def _take(
        self,
        verb: bytes,
        rest: bytes,
        talk: _Talk,
        fault: str,
        wire: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> bytes:
        if verb == b"MAIL":
            talk.sender = _address(rest)
            return (
                MAIL_FAULTS[fault] if fault in ("drop_at_mail", "refuse_sender") else b"250 OK\r\n"
            )
        if verb == b"RCPT":
            talk.receiver = _address(rest)
            at_receiver = ("refuse_receiver", "full_mailbox")
            return MAIL_FAULTS[fault] if fault in at_receiver else b"250 OK\r\n"
        if verb != b"DATA":
            return b"500 What?\r\n"
        if fault in ("drop_at_data", "refuse_data"):
            return MAIL_FAULTS[fault]
        reader, writer = wire
        writer.write(b"354 Go on\r\n")
        await writer.drain()
        raw = await reader.readuntil(b"\r\n.\r\n")
        if fault == "refuse_mail":
            return MAIL_FAULTS[fault]
        if b"\n" in raw.replace(b"\r\n", b"") or any(byte > 127 for byte in raw):
            return b"554 A line does not end as lines end, or has letters of eight bits\r\n"
        self._keep(talk, raw)
        return MAIL_FAULTS[fault] if fault == "drop_after_data" else b"250 Kept\r\n"

    def _keep(self, talk: _Talk, raw: bytes) -> None:
        message = message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=default)
        with self.box.lock:
            self.box.got.append(GotMail(talk.sender, talk.receiver, message))


def _is_known(rest: bytes) -> bool:
    kind, _space, given = rest.partition(b" ")
    try:
        said = base64.b64decode(given, validate=True)
    except binascii.Error:
        return False
    return kind.upper() == b"PLAIN" and said == f"\0{USER}\0{PASSWORD}".encode()


def _address(rest: bytes) -> str:
    """The address of `FROM:<a@b> SIZE=1`."""
    return rest.decode("ascii", errors="replace").partition("<")[2].partition(">")[0]
