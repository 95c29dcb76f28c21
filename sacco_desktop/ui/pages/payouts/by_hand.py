"""The dialogs of payments by bank file, cheque and cash: make, write, pay, confirm, take back. None calls M-Pesa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.documents.saving import save_whole
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.operations.confirm import write_with_password
from sacco_desktop.services.payouts import bank_files, hand_overs
from sacco_desktop.services.payouts.bank_files import NewBankFile, SavedBankFile
from sacco_desktop.services.payouts.hand_overs import CameBack, CashPayment, Confirmation, NewCheque
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.ui.act_dialog import ActDialog, Operation
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.facts import payment_facts
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.save_file import ask_where
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.money_plan import MoneyPlan

_AGAIN = "It is kept in the books: save it again from In flight."
PAY_WORDS = {Way.BANK: "Make bank file…", Way.CHEQUE: "Write cheque…", Way.CASH: "Pay cash…"}


@dataclass(frozen=True, slots=True)
class ByHand:
    """Opens its dialogs over `owner`."""

    desk: Desk
    owner: QWidget

    def pay(self, card: PayoutCard) -> None:
        """The next step of an approved payment by hand."""
        if card.row.way is Way.BANK:
            self.make_file([card.row])
        elif card.row.way is Way.CHEQUE:
            self._write_cheque(card)
        else:
            self._pay_cash(card)

    def make_file(self, rows: Sequence[PayoutRow]) -> None:
        """One file of these approved payouts by bank; it is saved where the person says."""
        key, actor = uuid4().hex, self.desk.actor
        total = format_kes(sum(row.handed_cents for row in rows))
        count = "1 payment" if len(rows) == 1 else f"{len(rows)} payments"
        plan = MoneyPlan(
            title=f"Make a bank file of {count}",
            act=f"Make the file of {total}",
            amount_cents=sum(row.handed_cents for row in rows),
            facts=tuple((row.number, _transfer_words(row)) for row in rows),
            effects=(
                "The payouts are in flight from now on and can be in no second file. Give the file to the bank, then"
                " confirm each payment when the bank's statement shows it.",
            ),
        )
        dialog = ActDialog(self.desk, plan, self.owner, name="bank_file_dialog")
        given = NewBankFile(key, tuple(row.payout_id for row in rows))

        def make(password: str) -> Operation:
            return lambda: write_with_password(
                self.desk.office, password, bank_files.make, given, actor
            )

        dialog.run(make, self._save)

    def save_again(self, card: PayoutCard) -> None:
        """The same file once more, unchanged."""
        handed = card.row.hand_over
        if handed is not None and handed.bank_file_id is not None:
            self.desk.background.read(
                bank_files.read, handed.bank_file_id, owner=self.owner, done=self._save
            )

    def confirm(self, card: PayoutCard) -> None:
        """The bank has paid, or somebody has the cheque."""
        row, actor = card.row, self.desk.actor
        by_bank = row.way is Way.BANK
        form = Form(self.desk.messages.show)
        reference, day = _line("reference"), DateEdit("paid_on", self._today)
        day.set_day(self._today())
        if by_bank:
            form.add_row("reference", "Bank's reference", reference, "As on the statement.")
            form.add_row("paid_on", "Paid on", day, "The day that the statement shows.")
        else:
            words = "Name and ID number of whoever signed for it."
            form.add_row("reference", "Handed to", reference, words)
            form.add_row("paid_on", "Handed over on", day)
        plan = MoneyPlan(
            title=f"Confirm: {row.member_name}",
            act=f"Book {format_kes(row.handed_cents)} as paid",
            amount_cents=row.handed_cents,
            facts=payment_facts(card),
            effects=("It is booked as paid now and cannot be taken back afterwards.",),
        )
        dialog = ActDialog(self.desk, plan, self.owner, name="confirm_by_hand_dialog", form=form)

        def make(password: str) -> Operation:
            on = day.day()
            if on is None:
                raise InvalidInput("Write the day, for example t for today.", "paid_on")
            seen = Confirmation(row.payout_id, row.version, reference.text(), on)
            return lambda: write_with_password(
                self.desk.office, password, hand_overs.confirm, seen, actor
            )

        dialog.run(make, lambda _: self.desk.toast(f"Booked as paid: {row.member_name}."))

    def came_back(self, card: PayoutCard) -> None:
        """The bank returned it, or the cheque is cancelled."""
        row, actor = card.row, self.desk.actor
        by_bank = row.way is Way.BANK
        form, reason = Form(self.desk.messages.show), reason_edit()
        note = "What the bank says." if by_bank else "Keep the cancelled cheque with the voucher."
        form.add_row("reason", "Reason", reason, note)
        plan = MoneyPlan(
            title=f"{'Came back' if by_bank else 'Cancel the cheque'}: {row.member_name}",
            act="Book it as not paid",
            amount_cents=row.handed_cents,
            facts=payment_facts(card),
            effects=("No entry is made. Two people must approve the payout anew.",),
        )
        dialog = ActDialog(self.desk, plan, self.owner, name="came_back_dialog", form=form)

        def make(password: str) -> Operation:
            back = CameBack(row.payout_id, row.version, reason.text())
            return lambda: write_with_password(
                self.desk.office, password, hand_overs.came_back, back, actor
            )

        dialog.run(make, lambda _: self.desk.toast(f"{row.number} is not paid. Ask for approval."))

    def _write_cheque(self, card: PayoutCard) -> None:
        row, actor = card.row, self.desk.actor
        form, number = Form(self.desk.messages.show), _line("cheque_number")
        form.add_row("cheque_number", "Cheque number", number, "As it is printed on the cheque.")
        plan = MoneyPlan(
            title=f"Write a cheque: {row.destination.payee}",
            act=f"Note the cheque of {format_kes(row.handed_cents)}",
            amount_cents=row.handed_cents,
            facts=payment_facts(card),
            effects=("It is in flight until it is handed over, and booked then.",),
        )
        dialog = ActDialog(self.desk, plan, self.owner, name="cheque_dialog", form=form)

        def make(password: str) -> Operation:
            new = NewCheque(row.payout_id, row.version, number.text())
            return lambda: write_with_password(
                self.desk.office, password, hand_overs.write_cheque, new, actor
            )

        dialog.run(make, lambda _: self.desk.toast(f"Noted. Confirm it when {_who(row)} has it."))

    def _pay_cash(self, card: PayoutCard) -> None:
        row, actor, key = card.row, self.desk.actor, uuid4().hex
        form, number = Form(self.desk.messages.show), _line("id_number")
        form.add_row("id_number", "ID number", number, "Read it from the ID card that you hold.")
        plan = MoneyPlan(
            title=f"Pay cash: {_who(row)}",
            act=f"Pay {format_kes(row.handed_cents)} in cash",
            amount_cents=row.handed_cents,
            facts=payment_facts(card),
            effects=("It is booked at once. Count the money twice before you press the button.",),
        )
        dialog = ActDialog(self.desk, plan, self.owner, name="cash_dialog", form=form)

        def make(password: str) -> Operation:
            paid = CashPayment(key, row.payout_id, row.version, number.text())
            return lambda: write_with_password(
                self.desk.office, password, hand_overs.pay_cash, paid, actor
            )

        dialog.run(make, lambda row: self.desk.toast(f"Paid. Voucher {row.receipt}."))

    def _save(self, saved: SavedBankFile) -> None:
        ask_where(
            self.owner,
            "Save the bank file",
            saved.file_name,
            "CSV (*.csv)",
            lambda path: self._write(saved, path),
        )

    def _write(self, saved: SavedBankFile, path: Path) -> None:
        self.desk.background.render(
            lambda: save_whole(path, saved.content, "The file", _AGAIN),
            owner=self.owner,
            done=lambda _: self.desk.toast(
                f"{saved.number} is saved as {path}. SHA-256 begins {saved.sha256[:12]}."
            ),
        )

    def _today(self) -> date:
        return business_date(self.desk.now())


def _who(row: PayoutRow) -> str:
    return row.destination.payee or row.member_name


def _transfer_words(row: PayoutRow) -> str:
    return f"{format_kes(row.handed_cents)} → {row.destination.words}"


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    return line
