"""The simulated gateways as one server."""

from __future__ import annotations

from types import TracebackType

from starlette.applications import Starlette

from sacco_desktop.demo.local_server import LocalServer
from sacco_desktop.demo.text_gateways.doors import Doors
from sacco_desktop.demo.text_gateways.page import Page
from sacco_desktop.demo.text_gateways.world import Profile, World


class SimulatedGateways:
    """Africa's Talking and Twilio on one port of this computer; use it as `with`."""

    def __init__(self, profile: Profile | None = None, *, port: int = 0) -> None:
        """Raises OSError when the port is taken."""
        self.world = World(profile or Profile())
        doors = Doors(self.world, self._drop)
        app = Starlette(routes=[*doors.routes(), *Page(self.world).routes()])
        self._server = LocalServer(app, port=port, name="simulated gateways")

    @property
    def base_url(self) -> str:
        """Where they are."""
        return self._server.base_url

    def __enter__(self) -> SimulatedGateways:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()

    def run(self) -> None:
        """Serve in this thread until Ctrl-C."""
        self._server.run()

    def _drop(self, client: tuple[str, int]) -> None:
        self._server.drop(client)
