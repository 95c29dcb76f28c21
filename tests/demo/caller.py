"""A program in any language that calls the simulated Safaricom: plain HTTP, and a door for callbacks."""

import itertools
import json
from typing import Any

import httpx

from sacco_desktop.demo.safaricom.callback_inbox import CallbackInbox
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.gateways.daraja.credential import security_credential

PHONE = "254708374149"
B2C = "/mpesa/b2c/v3/paymentrequest"
ID_CHECKED = "/mpesa/b2cvalidate/v2/paymentrequest"
STATUS = "/mpesa/transactionstatus/v1/query"
BALANCE = "/mpesa/accountbalance/v1/query"


_HOUSES = itertools.count(1)


class Caller:
    """Knows the keys, makes its own ids, and reads what was posted back."""

    def __init__(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, http: httpx.Client
    ) -> None:
        self.safaricom = safaricom
        self.inbox = inbox
        self.http = http
        self._payouts = 0
        # A late callback of the test before comes to a door at which nobody looks any more.
        self._house = next(_HOUSES)

    def address(self, door: str) -> str:
        """Where a callback to this door is posted."""
        return self.inbox.address(f"{self._house}/{door}")

    def bodies(self, door: str) -> list[bytes]:
        """What came to this door so far."""
        return self.inbox.bodies(f"{self._house}/{door}")

    def credential(self, password: str = "") -> str:
        profile = self.safaricom.profile
        return security_credential(
            password or profile.initiator_password, self.safaricom.certificate_pem
        )

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """One request under a fresh token; fields given as `...` are left out."""
        profile = self.safaricom.profile
        token = self.http.get(
            "/oauth/v1/generate?grant_type=client_credentials",
            auth=(profile.consumer_key, profile.consumer_secret),
        ).json()["access_token"]
        kept = {name: value for name, value in body.items() if value is not ...}
        return self.http.post(path, json=kept, headers={"Authorization": f"Bearer {token}"})

    def pay(self, path: str = B2C, **changes: Any) -> httpx.Response:
        """A payout of KES 100, unless told otherwise."""
        self._payouts += 1
        body = {
            "OriginatorConversationID": f"LN-{self._payouts}",
            "InitiatorName": self.safaricom.profile.initiator_name,
            "SecurityCredential": self.credential(),
            "CommandID": "BusinessPayment",
            "Amount": 100,
            "PartyA": self.safaricom.profile.shortcode,
            "PartyB": PHONE,
            "Remarks": "Loan",
            "QueueTimeOutURL": self.address("t"),
            "ResultURL": self.address("r"),
        }
        return self.post(path, {**body, **changes})

    def ask(self, path: str = BALANCE, **changes: Any) -> httpx.Response:
        """A question: for the balances, or with STATUS and an `OriginalConversationID`."""
        body = {
            "Initiator": self.safaricom.profile.initiator_name,
            "SecurityCredential": self.credential(),
            "CommandID": "AccountBalance" if path == BALANCE else "TransactionStatusQuery",
            "PartyA": self.safaricom.profile.shortcode,
            "IdentifierType": "4",
            "Remarks": "Asked",
            "QueueTimeOutURL": self.address("t"),
            "ResultURL": self.address("q"),
        }
        return self.post(path, {**body, **changes})

    def posted(self, door: str) -> list[dict[str, Any]]:
        """What came to one of the doors r, q and t, once all that is not held back was posted."""
        assert self.safaricom.wait_until_quiet()
        return [json.loads(body) for body in self.bodies(door)]

    def result(self, door: str) -> dict[str, Any]:
        """The inside of the newest result that came to a door."""
        inside: dict[str, Any] = self.posted(door)[-1]["Result"]
        return inside


def parameters(result: dict[str, Any]) -> dict[str, Any]:
    """Keys and values of a result."""
    return {row["Key"]: row.get("Value") for row in result["ResultParameters"]["ResultParameter"]}
