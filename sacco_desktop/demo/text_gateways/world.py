"""What the simulated gateways know: who may use them, every message they took, and what is to go wrong next."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

# What can go wrong, and what a person sees of it.
FAULTS = {
    "wrong_key": "The key is refused.",
    "no_credit": "The credit is used up.",
    "bad_number": "The number is refused.",
    "no_route": "There is no way to the network of the number.",
    "busy": "Too many requests; nothing is taken.",
    "drop_before": "The connection breaks before the message is taken.",
    "drop_after": "The message is taken and the connection breaks before the answer.",
    "error_before": "An error of the server; nothing is taken.",
    "error_after": "An error of the server although the message is taken.",
    "garbage_after": "The message is taken and the answer cannot be read.",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Whom the gateways know. The secrets are invented and guard nothing."""

    username: str = "sandbox"
    api_key: str = "atsk_simulated_key_of_the_practice_office"
    sender: str = "UMOJA"
    account_sid: str = "AC" + "5" * 32
    auth_token: str = "simulated_token_of_the_practice_office"  # noqa: S105 - it opens nothing
    number: str = "+15005550006"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that a gateway took: by which, to whom, what, and how it stands."""

    gateway: str
    own_id: str
    to: str
    text: str
    status: str


@dataclass(frozen=True, slots=True)
class ArmedFault:
    """A fault that comes so many times, at one gateway or, with an empty name, at both, for one number or any."""

    name: str
    times: int = 1
    gateway: str = ""
    number: str = ""


@dataclass(slots=True)
class World:
    """Everything of both gateways; `lock` guards it, since tests look in from another thread."""

    profile: Profile = Profile()
    lock: threading.RLock = field(default_factory=threading.RLock)
    taken: list[Taken] = field(default_factory=list)
    faults: list[ArmedFault] = field(default_factory=list)
    calls: int = 0
    # How messages end from now on at Twilio: delivered, undelivered, or sent for ever.
    outcome: str = "delivered"

    def take(self, gateway: str, to: str, text: str) -> Taken:
        """Keep a message and give it an id as the gateway would."""
        with self.lock:
            number = len(self.taken) + 1
            own_id = f"ATXid_{number:032x}" if gateway == "africas_talking" else f"SM{number:032x}"
            taken = Taken(gateway, own_id, to, text, "queued")
            self.taken.append(taken)
            return taken

    def end(self, own_id: str) -> Taken | None:
        """The message with this id, which has ended by the time that somebody asks."""
        with self.lock:
            for index, taken in enumerate(self.taken):
                if taken.own_id == own_id:
                    self.taken[index] = replace(taken, status=self.outcome)
                    return self.taken[index]
        return None

    def arm(self, fault: ArmedFault) -> None:
        """Let something go wrong. Raises ValueError for what nobody knows."""
        if fault.name not in FAULTS:
            raise ValueError(f"There is no fault {fault.name}.")
        if fault.times < 1:
            raise ValueError("A fault comes at least once.")
        with self.lock:
            self.faults.append(fault)

    def fault_for(self, gateway: str, number: str) -> str:
        """What goes wrong with this call, once less from now on; empty when nothing does."""
        with self.lock:
            self.calls += 1
            for index, fault in enumerate(self.faults):
                if fault.gateway in ("", gateway) and fault.number in ("", number):
                    left = replace(fault, times=fault.times - 1)
                    self.faults[index : index + 1] = [left] if left.times else []
                    return fault.name
        return ""

    def texts_to(self, number: str) -> list[str]:
        """What a phone got, the oldest first."""
        with self.lock:
            return [taken.text for taken in self.taken if taken.to == number]
