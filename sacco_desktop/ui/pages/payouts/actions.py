"""What can be done about a payout: each SafeAction leads to one dialog or one question, and none of them pays again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from sacco_desktop.documents.payment_file import draw_payment_file
from sacco_desktop.documents.voucher import draw_voucher
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.operations import follow_up
from sacco_desktop.services.books.papers import DisbursementVoucher
from sacco_desktop.services.payouts import payouts, vouchers
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.sending import payment_files
from sacco_desktop.services.sending.payment_paper import PaymentFile
from sacco_desktop.services.sending.payout_cards import PayoutCard, SafeAction
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.pages.payouts.by_hand import PAY_WORDS, ByHand
from sacco_desktop.ui.pages.payouts.confirm_failed_dialog import open_confirm_failed_dialog
from sacco_desktop.ui.pages.payouts.hold_dialog import open_hold_dialog, open_release_dialog
from sacco_desktop.ui.pages.payouts.not_on_statement_dialog import open_not_on_statement_dialog
from sacco_desktop.ui.pages.payouts.paid_after_all_dialog import open_paid_after_all
from sacco_desktop.ui.pages.payouts.resend_dialog import open_resend_dialog
from sacco_desktop.ui.pages.payouts.statement_dialog import open_statement_dialog
from sacco_desktop.ui.pages.payouts.take_back_dialog import open_take_back_dialog
from sacco_desktop.ui.paper_names import paper_name

WORDS: dict[SafeAction, str] = {
    SafeAction.SEND: "Pay…",
    SafeAction.ASK_MPESA: "Ask M-Pesa now",
    SafeAction.SEND_SAME_AGAIN: "Send the same request once more…",
    SafeAction.CONFIRM_FAILED: "Confirm that it failed…",
    SafeAction.NOT_ON_STATEMENT: "It is not on the statement…",
    SafeAction.ASK_APPROVAL: "Ask for approval again",
    SafeAction.ON_STATEMENT: "I have the statement…",
    SafeAction.PRINT_VOUCHER: "Voucher…",
    SafeAction.PAY_BY_HAND: "Pay…",
    SafeAction.CONFIRM_PAID: "Confirm…",
    SafeAction.CAME_BACK: "Came back…",
    SafeAction.SAVE_FILE: "Save the bank file again…",
}
# Everything but looking and printing settles a doubt, which is a treasurer's part.
FOR_ANYBODY = frozenset({SafeAction.PRINT_VOUCHER})


def words_of(action: SafeAction, row: PayoutRow) -> str:
    """The words on the button: a cheque does not come back, it is cancelled."""
    if action is SafeAction.CAME_BACK and row.way is Way.CHEQUE:
        return "Cancel the cheque…"
    return PAY_WORDS[row.way] if action is SafeAction.PAY_BY_HAND else WORDS[action]


@dataclass(frozen=True, slots=True)
class PayoutActions:
    """Opens dialogs over `owner` and tells what was done. `pay` opens the Pay dialog for one payout."""

    desk: Desk
    owner: QWidget
    pay: Callable[[PayoutRow], None]

    @property
    def by_hand(self) -> ByHand:
        """What is done about payments by bank, cheque and cash."""
        return ByHand(self.desk, self.owner)

    def do(self, action: SafeAction, card: PayoutCard) -> None:
        """Carry out one action on one payout."""
        doers: dict[SafeAction, Callable[[PayoutCard], None]] = {
            SafeAction.SEND: lambda card: self.pay(card.row),
            SafeAction.ASK_MPESA: self._ask,
            SafeAction.SEND_SAME_AGAIN: self._resend,
            SafeAction.CONFIRM_FAILED: self._confirm_failed,
            SafeAction.NOT_ON_STATEMENT: self._not_on_statement,
            SafeAction.ASK_APPROVAL: self._ask_approval,
            SafeAction.ON_STATEMENT: self._on_statement,
            SafeAction.PRINT_VOUCHER: lambda card: self.voucher(card.row),
            SafeAction.PAY_BY_HAND: self.by_hand.pay,
            SafeAction.CONFIRM_PAID: self.by_hand.confirm,
            SafeAction.CAME_BACK: self.by_hand.came_back,
            SafeAction.SAVE_FILE: self.by_hand.save_again,
        }
        doers[action](card)

    def ask_all(self, ids: tuple[int, ...]) -> None:
        """Ask M-Pesa about every payment that is open, by its attempt. Asking moves no money."""
        if not ids:
            self.desk.toast("No payment is open, so there is nothing to ask.")
            return
        office, actor = self.desk.office, self.desk.actor
        self.desk.background.operate(
            lambda: follow_up.ask_all(office, ids, actor),
            owner=self.owner,
            done=lambda asked: self.desk.toast(_asked_words(asked, len(ids))),
        )

    def take_back(self, card: PayoutCard) -> None:
        """Cancel a payout that has not left; asks for a reason."""
        open_take_back_dialog(self.desk, self.owner, card)

    def hold(self, row: PayoutRow) -> None:
        """Stop an approved payout; asks for a reason."""
        open_hold_dialog(self.desk, self.owner, row)

    def release(self, row: PayoutRow) -> None:
        """Let a stopped payout go on; asks for a reason."""
        open_release_dialog(self.desk, self.owner, row)

    def paid_after_all(self, row: PayoutRow) -> None:
        """A payment that failed or was let go was paid, says somebody; two people decide."""
        assert row.attempt_id is not None, (
            "only a payout that was written down to be sent can be paid"
        )
        open_paid_after_all(self.desk, self.owner, row.attempt_id)

    def voucher(self, row: PayoutRow) -> None:
        """Number the voucher, draw it, and show it in the window."""
        self.desk.background.write(
            vouchers.voucher, row.payout_id, owner=self.owner, done=self._draw
        )

    def _draw(self, voucher: DisbursementVoucher) -> None:
        title = f"Voucher {voucher.voucher_number}"
        self.desk.background.render(
            lambda: draw_voucher(voucher),
            owner=self.owner,
            done=lambda pdf: self.desk.show_paper(Paper(pdf, title, _file_name(voucher))),
        )

    def payment_file(self, row: PayoutRow) -> None:
        """Number the paper with the whole evidence, draw it, and show it in the window."""
        self.desk.background.write(
            payment_files.payment_file, row.payout_id, owner=self.owner, done=self._draw_file
        )

    def _draw_file(self, paper: PaymentFile) -> None:
        name = paper_name(paper.payout_number, paper.receiver.upper(), "Payment-file")
        self.desk.background.render(
            lambda: draw_payment_file(paper),
            owner=self.owner,
            done=lambda pdf: self.desk.show_paper(
                Paper(pdf, f"Payment file {paper.payout_number}", name)
            ),
        )

    def _ask(self, card: PayoutCard) -> None:
        office, actor, attempt_id = self.desk.office, self.desk.actor, card.row.attempt_id
        assert attempt_id is not None, "only a payout that was sent can be asked about"
        words = f"M-Pesa was asked about {card.row.member_name}. The answer comes by itself."
        self.desk.background.operate(
            lambda: follow_up.ask(office, attempt_id, actor),
            owner=self.owner,
            done=lambda _: self.desk.toast(words),
        )

    def _ask_approval(self, card: PayoutCard) -> None:
        change = PayoutChange(card.row.payout_id, card.row.version)
        self.desk.background.write(
            payouts.ask_again,
            change,
            owner=self.owner,
            done=lambda _row: self.desk.toast("Sent for approval. Nothing has been paid."),
        )

    def _resend(self, card: PayoutCard) -> None:
        open_resend_dialog(self.desk, self.owner, card)

    def _confirm_failed(self, card: PayoutCard) -> None:
        open_confirm_failed_dialog(self.desk, self.owner, card)

    def _not_on_statement(self, card: PayoutCard) -> None:
        open_not_on_statement_dialog(self.desk, self.owner, card)

    def _on_statement(self, card: PayoutCard) -> None:
        open_statement_dialog(self.desk, self.owner, card)


def _asked_words(asked: int, wanted: int) -> str:
    if asked == wanted:
        payments = "1 payment" if asked == 1 else f"{asked} payments"
        return f"M-Pesa was asked about {payments}. The answers come by themselves."
    return f"M-Pesa was asked about {asked} of {wanted} payments. The others could not be asked about now."


def _file_name(voucher: DisbursementVoucher) -> str:
    """`M-0001_JANE-WANJIKU_Voucher_PO-2026-0001.pdf`, of letters that every file system takes."""
    name = "".join(letter if letter.isalnum() else "-" for letter in voucher.payee.upper())
    return f"{voucher.member_number}_{name}_Voucher_{voucher.voucher_number}.pdf"
