"""No test talks to the world: only loopback and unix sockets may be reached."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

_refused: list[str] = []


class TestReachedOut(OSError):
    """Raised to the caller; the test fails even when the caller takes it for an outage."""

    __test__ = False


def _is_local(host: str) -> bool:
    """Names are never looked up here: `localhost` is the only name that counts as local."""
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(what: str) -> TestReachedOut:
    _refused.append(what)
    return TestReachedOut(f"A test tried to reach {what}; only loopback is allowed.")


def _check_address(sock: socket.socket, address: Any) -> None:
    if sock.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(str(address[0])):
        raise _refuse(f"{address[0]} port {address[1]}")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _check_address(self, address)
    super(socket.socket, self).connect(address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _check_address(self, address)
    return super(socket.socket, self).connect_ex(address)


_really_look_up = socket.getaddrinfo


def _guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
    """A name ending in `.invalid` fails as DNS would fail it: tests use that for an outage."""
    name = host.decode() if isinstance(host, bytes) else (host or "")
    if name.endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if not _is_local(name):
        try:
            ipaddress.ip_address(name)
        except ValueError:
            raise _refuse(f"the name {name}") from None
    return _really_look_up(host, *args, **kwargs)


@pytest.fixture(autouse=True, scope="session")
def _stay_on_loopback() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guarded_connect)
        patch.setattr(socket.socket, "connect_ex", _guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", _guarded_look_up)
        yield


@pytest.fixture(autouse=True)
def _fail_when_reaching_out() -> Iterator[None]:
    _refused.clear()
    yield
    if _refused:
        pytest.fail(f"The test reached out of this machine: {', '.join(_refused)}", pytrace=False)
