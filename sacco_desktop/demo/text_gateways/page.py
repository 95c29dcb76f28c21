"""The page of the simulated gateways: the messages as phones got them, and what is to go wrong next."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sacco_desktop.demo.safaricom.visitors import is_from_another_site
from sacco_desktop.demo.text_gateways.doors import read_form
from sacco_desktop.demo.text_gateways.world import FAULTS, ArmedFault, World

_NAMES = {"africas_talking": "Africa's Talking", "twilio": "Twilio"}
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2733;"
    "background:#f6f7f9}h1{font-size:1.4rem}table{border-collapse:collapse;width:100%;background:#fff}"
    "th,td{text-align:left;padding:.5rem .75rem;border-bottom:1px solid #d9dee5;vertical-align:top}"
    "td.text{max-width:30rem;overflow-wrap:anywhere}form{margin:1rem 0}select,input,button{font:inherit;padding:.3rem}"
)


class Page:
    """Looks into the world and changes what is to go wrong. It has no password, so it belongs on loopback."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The page, and the same as JSON."""
        return [
            Route("/", self.show, methods=["GET"]),
            Route("/faults", self.arm, methods=["POST"]),
            Route("/control/messages", self.messages, methods=["GET"]),
        ]

    async def show(self, _request: Request) -> Response:
        """The messages, the newest first."""
        world = self._world
        with world.lock:
            taken, faults = world.taken[::-1], tuple(world.faults)
        rows = "".join(
            f"<tr><td>{_NAMES[one.gateway]}</td><td>{escape(one.to)}</td>"
            f"<td class=text>{escape(one.text)}</td><td>{escape(one.status)}</td></tr>"
            for one in taken
        )
        armed = "".join(f"<li>{escape(FAULTS[one.name])} {one.times} ×</li>" for one in faults)
        options = "".join(
            f"<option value={name}>{escape(words)}</option>" for name, words in FAULTS.items()
        )
        form = (
            f"<form method=post action=/faults><label>Next goes wrong: <select name=fault>{options}"
            "</select></label> <label>times <input name=times size=2 value=1></label>"
            " <button>Arm</button></form>"
        )
        head = "<tr><th>Gateway</th><th>To</th><th>Text</th><th>State</th></tr>"
        table = f"<table>{head}{rows}</table>" if taken else "<p>No messages yet.</p>"
        return HTMLResponse(
            "<!doctype html><html lang=en><meta charset=utf-8><title>Simulated gateways</title>"
            f"<style>{_STYLE}</style><h1>Simulated gateways: what phones got</h1>{table}"
            f"<h2>What goes wrong</h2>{form}<ul>{armed}</ul></html>"
        )

    async def arm(self, request: Request) -> Response:
        """Let something go wrong."""
        if is_from_another_site(request):
            return JSONResponse({"error": "Another site has no business here."}, 403)
        form = await read_form(request)
        try:
            fault = ArmedFault(form.get("fault", ""), int(form.get("times", "1")))
            self._world.arm(fault)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        return RedirectResponse("/", 303)

    async def messages(self, _request: Request) -> Response:
        """Every message, the oldest first."""
        with self._world.lock:
            taken = list(self._world.taken)
        return JSONResponse(
            [
                {
                    "gateway": one.gateway,
                    "id": one.own_id,
                    "to": one.to,
                    "text": one.text,
                    "status": one.status,
                }
                for one in taken
            ]
        )
