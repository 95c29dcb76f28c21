"""The tab Rules: what is charged for what, since when, and asking for another rule."""

from __future__ import annotations

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.penalties.words import ABOUT_WORDS, terms_words
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.setting_rules import SINCE_EVER
from sacco_desktop.services.penalties import penalty_rules
from sacco_desktop.services.penalties.penalty_rules import RuleNow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.penalties.rule_dialog import RuleDialog
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import NOTHING_THERE, Column, chip_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The rules could not be read. Nothing is lost; the other pages work."
_ON = Chip("on", "✓", "check", "On", "Imewashwa", ChipColour.GREEN)
_OFF = Chip("off", "○", "circle", "Off", "Imezimwa", ChipColour.GREY, is_outline=True)
FILTERS: tuple[SavedFilter[RuleNow], ...] = (
    SavedFilter("on", "Switched on", lambda row: row.terms.is_on, "No rule charges anything."),
)


class RulesTab(PageTab[RuleNow]):
    """Everybody may read them; whoever looks after the rules asks for others, and another person agrees."""

    title = "Rules"
    key = "rules"

    def __init__(self, desk: Desk) -> None:
        self._may_ask = may(desk.actor.roles, Act.MANAGE_RULES)
        super().__init__(desk, self._plan())
        if self._may_ask:
            self.list.opened.connect(self._change)
            self.list.add_action("new_rule", "New rule…", self._add, kind=ButtonKind.PRIMARY)

    def read(self) -> None:
        """Read the rules again."""
        self.read_by(penalty_rules.list_rules, _UNREAD)

    def commands(self) -> Commands:
        if not self._may_ask:
            return {}
        return {"new": self._add, "main_action": lambda: self._with_row(self._change)}

    def _add(self) -> None:
        RuleDialog(self.desk, self.list, None).open()

    def _change(self, row: RuleNow) -> None:
        RuleDialog(self.desk, self.list, row).open()

    def _plan(self) -> ListPlan[RuleNow]:
        return ListPlan(
            name="penalty_rules",
            one="rule",
            many="rules",
            columns=(
                Column("Rule", lambda row: row.terms.name, longest=26),
                Column(
                    "About",
                    lambda row: ABOUT_WORDS[row.about],
                    priority=2,
                    widest="Missed contributions",
                ),
                chip_column("Status", lambda row: _ON if row.terms.is_on else _OFF, (_ON, _OFF)),
                Column("Charges", _charges, priority=2, longest=44),
                Column("Since", _since, priority=3, widest="30 May 2026"),
                Column("Will change", _coming, priority=3, widest="from 30 May 2026"),
            ),
            key=lambda row: row.rule_id,
            empty=EmptyList("There are no rules."),
            details=lambda row: _details(row, self._actions(row)),
            filters=FILTERS,
        )

    def _actions(self, row: RuleNow) -> Actions:
        if not self._may_ask:
            return None, ()
        words = "Change…" if row.terms.is_on else "Switch on…"
        return PanelAction("change_rule", words, lambda: self._change(row)), ()


def _charges(row: RuleNow) -> str:
    return row.words[1] if row.terms.is_on else NOTHING_THERE


def _since(row: RuleNow) -> str:
    return NOTHING_THERE if row.since == SINCE_EVER else format_date(row.since)


def _coming(row: RuleNow) -> str:
    coming = row.coming
    return NOTHING_THERE if coming is None else f"from {format_date(coming.effective_on)}"


def _details(row: RuleNow, actions: Actions) -> Details:
    main, others = actions
    note = None
    if row.coming is not None:
        words = "; ".join(terms_words(row.about, row.coming.terms)[1:])
        note = Note(f"{words}.", ChipColour.BLUE, f"From {format_date(row.coming.effective_on)}")
    elif not row.terms.is_on:
        note = Note("Nothing is charged by it.", ChipColour.GREY, "Switched off")
    first, *more = row.words[1:]
    return Details(
        title=row.terms.name,
        subtitle=ABOUT_WORDS[row.about],
        chip=_ON if row.terms.is_on else _OFF,
        note=note,
        facts=(
            *((("Charges", first),) if row.terms.is_on else ()),
            *(("", words) for words in more),
            ("Since", "the beginning" if row.since == SINCE_EVER else format_date(row.since)),
        ),
        action=main,
        other_actions=others,
    )
