"""The Approval rules tab: how many people of which offices decide, and how much one person may do."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.amount_limits import limit_in_words
from sacco_desktop.domain.approval_levels import band_in_words
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.setting_rules import SINCE_EVER
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import approval_rules
from sacco_desktop.services.office.approval_rules import LevelsRow, LimitRow, RuleSource
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_tab import ListTab
from sacco_desktop.ui.pages.settings.levels_dialog import LevelsDialog
from sacco_desktop.ui.pages.settings.limit_dialog import LimitDialog
from sacco_desktop.ui.widgets.columns import Column
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

KINDS = {
    ApprovalKind.LOAN: "Loans",
    ApprovalKind.INSIDER_LOAN: "Loans of insiders",
    ApprovalKind.PAYOUT: "Payouts",
    ApprovalKind.PAYOUT_NOT_PAID: "A payout that did not leave",
    ApprovalKind.FAILURE_TAKEN_BACK: "A failure taken back",
    ApprovalKind.PAID_TWICE: "A member paid twice",
    ApprovalKind.PAYMENT_RETURNED: "A payment that came back",
    ApprovalKind.REST_NOT_WANTED: "The rest of a loan",
    ApprovalKind.GUARANTORS_CALLED: "Calling guarantors",
    ApprovalKind.LOAN_RESCHEDULE: "Agreeing a loan anew",
    ApprovalKind.LOAN_WRITE_OFF: "Writing a loan off",
    ApprovalKind.PROVISIONING: "Allowance for loan losses",
    ApprovalKind.FLOAT_TOP_UP: "Top-ups of Utility",
    ApprovalKind.REVERSAL: "Reversals",
    ApprovalKind.APPROVAL_RULES: "These rules themselves",
    ApprovalKind.SETTING: "Rules that guard money",
    ApprovalKind.PEOPLE: "People and their roles",
    ApprovalKind.RELAY_SKIP: "Skipping a damaged relay entry",
    ApprovalKind.BOOK_IMPORT: "Imports of old books",
    ApprovalKind.MEMBERSHIP: "Who joins the society",
    ApprovalKind.SAVINGS_TERMS: "Savings products",
    ApprovalKind.PENALTY_TERMS: "Rules of penalties and fines",
    ApprovalKind.PENALTY_WAIVER: "Waiving penalties, and sparing members",
    ApprovalKind.MEMBER_STATUS: "The status of members",
    ApprovalKind.MEMBER_EXIT: "Members who leave",
    ApprovalKind.SHARE_TRANSFER: "Transfers of shares",
    ApprovalKind.CHECK_OFF: "Check-off lists",
    ApprovalKind.CHECK_OFF_UNDONE: "Check-off lists taken back",
    ApprovalKind.CHECK_OFF_OWNER: "Owners of check-off money",
    ApprovalKind.CHECK_OFF_OWNER_UNDONE: "Owners of check-off money taken back",
    ApprovalKind.RECEIPT_ALLOCATION: "Owners of large payments by M-Pesa",
    ApprovalKind.RESCHEDULE_UNDONE: "New agreements of loans taken back",
    ApprovalKind.LOAN_FROM_DEPOSITS: "Loans paid from deposits",
    ApprovalKind.RECEIPT_REVERSAL: "Payments taken back through M-Pesa",
}
_WHO_MAY = "The administrator, the secretary or the chairperson asks for a change."


@dataclass(frozen=True, slots=True)
class HouseRule:
    """One line of the tab: either the levels of a kind or the limit of a role for an act."""

    levels: LevelsRow | None = None
    limit: LimitRow | None = None

    @property
    def title(self) -> str:
        """What it is about."""
        if self.levels is not None:
            return KINDS[self.levels.kind]
        assert self.limit is not None, "a rule is one of the two"
        one = self.limit.limit
        return f"{one.role.value.capitalize()}: {one.act.value}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What counts today, a line a level."""
        if self.levels is not None:
            return tuple(band_in_words(band) for band in self.levels.bands)
        assert self.limit is not None, "a rule is one of the two"
        return (limit_in_words(self.limit.limit),)

    @property
    def source(self) -> RuleSource | None:
        """Since when, and by whom."""
        if self.levels is not None:
            return self.levels.source
        return None if self.limit is None else self.limit.source


def _read(work: Work, _nothing: None = None) -> tuple[HouseRule, ...]:
    levels = tuple(HouseRule(levels=row) for row in approval_rules.list_levels(work))
    return levels + tuple(HouseRule(limit=row) for row in approval_rules.list_limits(work))


class ApprovalRulesTab(ListTab[HouseRule]):
    """Everybody may read them; a change is asked for here and approved by another person."""

    title = "Approval rules"

    def __init__(self, desk: Desk) -> None:
        self._may_ask = may(desk.actor.roles, Act.MANAGE_RULES)
        super().__init__(desk, self._plan())
        self.list.opened.connect(self._change)

    def read(self) -> None:
        self.read_by(_read, "The approval rules could not be read. Nothing was changed.")

    def _plan(self) -> ListPlan[HouseRule]:
        return ListPlan(
            name="approval_rules",
            one="rule",
            many="rules",
            columns=(
                Column("Rule", lambda rule: rule.title, widest="Treasurer: approve payouts"),
                Column("Today", lambda rule: "; ".join(rule.lines), longest=34),
                Column("Since", _since, priority=2, widest="the beginning"),
            ),
            key=lambda rule: rule.title,
            empty=EmptyList("There are no rules."),
            details=self._details,
            filters=(
                SavedFilter("rule_all", "All", lambda _rule: True),
                SavedFilter("rule_levels", "Levels", lambda rule: rule.levels is not None),
                SavedFilter("rule_limits", "Limits", lambda rule: rule.limit is not None),
            ),
        )

    def _details(self, rule: HouseRule) -> Details:
        source = rule.source
        by: tuple[tuple[str, str], ...] = ()
        if source is not None and source.asked_by:
            by = (("Asked by", source.asked_by), ("Approved by", source.approved_by))
        names = ["Today"] if len(rule.lines) == 1 else [f"Level {n + 1}" for n in range(9)]
        return Details(
            title=rule.title,
            subtitle="Who decides, by amount" if rule.levels else "How much one person may do",
            facts=(*zip(names, rule.lines, strict=False), ("Since", _since(rule)), *by),
            action=PanelAction(
                "change_approval_rule",
                "Change…",
                (lambda: self._change(rule)) if self._may_ask else None,
                "" if self._may_ask else _WHO_MAY,
            ),
        )

    def _change(self, rule: HouseRule) -> None:
        if not self._may_ask:
            return
        if rule.levels is not None:
            LevelsDialog(self.desk, self.list, rule.levels, rule.title).open()
        elif rule.limit is not None:
            LimitDialog(self.desk, self.list, rule.limit, rule.title).open()


def _since(rule: HouseRule) -> str:
    source = rule.source
    if source is None or source.since == SINCE_EVER:
        return "the beginning"
    return format_date(source.since)
