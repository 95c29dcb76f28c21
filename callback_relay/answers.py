"""Answers to devices, good ones and refusals, in the one form that the contract knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from callback_relay.protocol.encoding import to_base64, to_json, to_moment
from callback_relay.protocol.problems import MEDIA_TYPE, STATUS_OF, TITLE_OF, ProblemType
from callback_relay.reading import Ends
from callback_relay.relay import Relay

RETRY_SECONDS = {ProblemType.RATE: 30, ProblemType.BUSY: 5, ProblemType.READ_ONLY: 60}


class Problem(Exception):
    """Ends the handling of a request with a problem answer."""

    def __init__(
        self, kind: ProblemType, detail: str = "", extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(kind.value)
        self.kind = kind
        self.detail = detail
        self.extra = dict(extra or {})


def good(relay: Relay, message: Mapping[str, Any]) -> Response:
    """A 200 with a message."""
    return Response(to_json(message), headers=_headers(relay), media_type="application/json")


def problem(relay: Relay, error: Problem) -> Response:
    """A refusal (RFC 9457). The last part of `type` is what programs read."""
    status = STATUS_OF[error.kind]
    message = {
        "type": f"https://{relay.settings.name}/problems/{error.kind}",
        "title": TITLE_OF[error.kind],
        "status": status,
        **({"detail": error.detail} if error.detail else {}),
        **error.extra,
    }
    headers = _headers(relay)
    if error.kind in RETRY_SECONDS:
        headers["Retry-After"] = str(RETRY_SECONDS[error.kind])
    return Response(to_json(message), status, headers, MEDIA_TYPE)


def place_problem(relay: Relay, kind: ProblemType, tenant: str, ends: Ends) -> Problem:
    """A refusal of a cursor, with all that the device needs to find its way."""
    return Problem(
        kind,
        extra={
            "tenant": tenant,
            "epoch": ends.head.epoch,
            "tail": str(ends.tail.cursor),
            "tail_hash": to_base64(ends.tail.chain_hash),
            "head": str(ends.head.cursor),
            "checkpoint": relay.checkpoint(tenant, ends.head).as_message(),
            "next_step": "locate" if kind is ProblemType.DIVERGED else "resume-at-tail",
        },
    )


def _headers(relay: Relay) -> dict[str, str]:
    return {"Cache-Control": "no-store", "Relay-Time": to_moment(relay.settings.now())}
