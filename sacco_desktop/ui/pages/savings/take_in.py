"""Takes money in from members, one after the other: reads what can be paid into, asks, says what was recorded."""

from __future__ import annotations

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.savings import contributions, savings_products
from sacco_desktop.services.savings.contributions import TakenContribution
from sacco_desktop.services.savings.savings_products import Product
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import found
from sacco_desktop.ui.pages.savings.take_dialog import Begin, Finish, TakeContributionDialog
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.widgets.list_page import ListPage


class TakeIn:
    """Opens the dialog over the list. Taken one after the other, the next begins with the way and day of the last."""

    def __init__(self, desk: Desk, rows: ListPage) -> None:
        self._desk, self._list = desk, rows

    def begin(self, number: str = "") -> None:
        """Ask for the money of any member, or of the one with this number."""
        if not number:
            self._open(Begin())
            return
        self._desk.background.read(
            members.row_numbered, number, owner=self._list, done=self._begin_with
        )

    def _begin_with(self, row: MemberRow) -> None:
        self._open(Begin(member=found(row)))

    def _open(self, begin: Begin) -> None:
        def show(products: tuple[Product, ...]) -> None:
            TakeContributionDialog(self._desk, self._list, products, begin, self._taken).open()

        self._desk.background.read(
            savings_products.list_products, None, owner=self._list, done=show
        )

    def _taken(self, taken: TakenContribution, finish: Finish) -> None:
        words = contributions.taken_words(taken, finish.full_name)
        if finish.next is None:
            self._desk.toast(words)
            if finish.shows_receipt:
                show_receipt(self._desk, self._list, taken.receipt)
            return
        count, cents = finish.next.count, finish.next.cents
        self._desk.toast(f"{words} {count:,} entered one after the other, {format_kes(cents)}.")
        self._open(finish.next)
