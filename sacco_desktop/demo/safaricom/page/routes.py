"""Serves the page to this machine alone, and takes what its forms send."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sacco_desktop.demo.safaricom.desk import Desk
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.page import money_in, sections, switches
from sacco_desktop.demo.safaricom.page.acts import Acts
from sacco_desktop.demo.safaricom.page.markup import Forms, Markup, tag
from sacco_desktop.demo.safaricom.page.style import STYLE
from sacco_desktop.demo.safaricom.visitors import is_from_here
from sacco_desktop.demo.safaricom.world import World
from sacco_desktop.domain.errors import InvalidInput

LARGEST_FORM = 64 * 1024
MOST_FIELDS = 100
WATCH_SECONDS = 5
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Page:
    """The one page, made anew for each look. Nothing of it is kept but a secret and a sentence."""

    def __init__(self, world: World, errands: Errands, desk: Desk) -> None:
        self._world = world
        self._errands = errands
        self._desk = desk
        self._acts = Acts(desk)
        self._secret = secrets.token_urlsafe(24)
        self._notice = ""

    def routes(self) -> list[Route]:
        """The page, and one address for its forms."""
        return [
            Route("/", self._show, methods=["GET"]),
            Route("/page/{act}", self._do, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        if not is_from_here(request):
            return _not_from_here()
        notice, self._notice = self._notice, ""
        return self._page(request, notice)

    async def _do(self, request: Request) -> Response:
        if not is_from_here(request):
            return _not_from_here()
        typed = _typed(await request.body())
        if typed is None:
            return self._page(request, "The form could not be read.", is_wrong=True)
        sent = typed.pop("secret", "")
        if not secrets.compare_digest(sent.encode(), self._secret.encode()):
            words = "The page was from an earlier start. Nothing was done; try again."
            return self._page(request, words, is_wrong=True, status=403)
        act = request.path_params["act"]
        if act != "reset" and act not in self._acts.by_name:
            return self._page(request, "There is no such button.", is_wrong=True, status=404)
        return await self._act(request, act, typed)

    async def _act(self, request: Request, name: str, typed: dict[str, str]) -> Response:
        try:
            if name == "reset":
                await self._desk.begin_again()
                self._notice = "Everything was forgotten."
            else:
                with self._world.changed:
                    self._notice = self._acts.by_name[name](typed)
                    self._world.changed.notify_all()
        except KeyError as missing:
            return self._page(request, f"The form lacks {missing.args[0]}.", is_wrong=True)
        except (ValueError, InvalidInput) as error:
            return self._page(request, str(error), is_wrong=True)
        # A reload of the page must not do the same again.
        return RedirectResponse("/", 303, headers=HEADERS)

    def _page(
        self, request: Request, notice: str, *, is_wrong: bool = False, status: int = 200
    ) -> Response:
        is_watching = "watch" in request.query_params and request.method == "GET"
        account = request.query_params.get("account", "")
        with self._world.changed:
            parts = self._parts(account)
            main = tag("main", *(tag("div", *column) for column in parts))
            body = tag("body", self._top(is_watching), _told(notice, is_wrong), main)
        refresh: object = ""
        if is_watching:
            refresh = tag("meta", http_equiv="refresh", content=WATCH_SECONDS)
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            refresh,
            tag("title", "Simulated Safaricom"),
            tag("style", STYLE),
        )
        whole = tag("html", head, body, lang="en")
        wrong_status = 400 if is_wrong and status == 200 else status
        return HTMLResponse(f"<!DOCTYPE html>\n{whole}", wrong_status, headers=HEADERS)

    def _parts(self, account: str) -> tuple[tuple[Markup, ...], tuple[Markup, ...]]:
        """What happened on one side, what a person can do on the other."""
        world, forms = self._world, Forms(self._secret)
        return (
            (
                sections.payouts(world),
                money_in.payments(world, forms),
                money_in.prompts(world),
                sections.held_back(self._errands.held_back, forms),
                sections.messages(world),
                sections.entries(world, account),
            ),
            (
                switches.next_code(forms),
                switches.faults(world, forms),
                sections.accounts(world, forms),
                sections.wallets(world, forms),
                sections.numbers(),
                switches.settings(world, forms),
            ),
        )

    def _top(self, is_watching: bool) -> Markup:
        profile = self._world.profile
        watch = (
            tag("a", "Stop watching", href="/")
            if is_watching
            else tag("a", f"Watch: look again every {WATCH_SECONDS} seconds", href="/?watch=1")
        )
        return tag(
            "header",
            tag("h1", "Simulated Safaricom"),
            tag("p", "Practice only: it moves no money, and its keys open nothing real."),
            tag(
                "p",
                f"Shortcode {profile.shortcode}, {profile.organisation}. ",
                tag("a", "Look again", href="/"),
                " · ",
                watch,
                " · ",
                tag("a", "Control addresses", href="/control"),
            ),
        )


def _told(notice: str, is_wrong: bool) -> Markup:
    if not notice:
        return Markup("")
    if is_wrong:
        return tag("p", notice, role="alert", class_="notice wrong")
    return tag("p", notice, role="status", class_="notice")


def _typed(raw: bytes) -> dict[str, str] | None:
    """Names and values of a form; None when it is none."""
    if len(raw) > LARGEST_FORM:
        return None
    try:
        written = raw.decode("ascii")
        pairs = parse_qsl(
            written, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return None
    return dict(pairs)


def _not_from_here() -> Response:
    words = "This page is shown on the machine of the simulated Safaricom only."
    return PlainTextResponse(words, 403, headers=HEADERS)
