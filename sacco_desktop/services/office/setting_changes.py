"""Changes of the dated settings: those that guard money are asked for by one person and approved by another."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Setting
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals, society, who_decides


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A new value of a setting from a date on, as it is kept: cents and counts in figures, yes or no."""

    name: str
    value: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class SettingOutcome:
    """What became of a change: made at once without a `request_id`, else it waits for the yes of another person."""

    request_id: int | None
    words: str


def change_setting(work: Work, change: SettingChange) -> SettingOutcome:
    """Give a setting another value from a date on; the old value stays for the days before.

    A setting that guards money is only asked for: it changes when another person approves. Raises InvalidInput under
    `value` or `effective_on`, NotFound, WrongState when nothing would change.
    """
    work.allow(Act.MANAGE_CONNECTIONS)
    rule = society.rule_named(change.name)
    value = rule.check(change.value)
    if change.effective_on < work.today:
        raise InvalidInput("A setting changes today or later, not in the past.", "effective_on")
    day = format_date(change.effective_on)
    if not rule.guards_money:
        _write(work, SettingChange(rule.name, value, change.effective_on), None)
        return SettingOutcome(None, f"{rule.title}: {rule.words(value)} from {day}.")
    content: dict[str, str | int | list[list[str | int]]] = {
        "setting": rule.name,
        "title": rule.title,
        "before": rule.words(society.setting(work, rule.name, change.effective_on)),
        "after": rule.words(value),
        "value": value,
        "from": change.effective_on.isoformat(),
    }
    if content["before"] == content["after"]:
        raise WrongState("That is the rule already. Nothing was asked for.")
    # One number for one setting, so that a second request for it takes the place of the first.
    subject = zlib.crc32(rule.name.encode())
    new = approvals.NewRequest(ApprovalKind.SETTING, subject, f"Rule: {rule.title}", 0, content)
    request_id = approvals.ask(work, new)
    who = who_decides.names_who_can(work, approvals.load(work, request_id))
    can = (
        f"{' or '.join(who)} can approve it."
        if who
        else "Nobody in this office can approve it yet."
    )
    return SettingOutcome(request_id, f"Sent for approval. {can} Nothing has changed yet.")


def content_now(work: Work, content: Content) -> Content:
    """The content as it would be asked today: what is before it may have changed meanwhile."""
    rule = society.rule_named(str(content["setting"]))
    day = max(date.fromisoformat(str(content["from"])), work.today)
    return {**content, "before": rule.words(society.setting(work, rule.name, day))}


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """Write the approved value down. It counts from its day, or from today if that day has passed."""
    day = max(date.fromisoformat(str(content["from"])), work.today)
    rule = society.rule_named(str(content["setting"]))
    value = rule.check(str(content["value"]))
    _write(work, SettingChange(rule.name, value, day), request_id)


def _write(work: Work, change: SettingChange, request_id: int | None) -> None:
    old = society.setting(work, change.name, change.effective_on)
    same_day = work.session.scalar(
        select(Setting).where(
            Setting.name == change.name, Setting.effective_on == change.effective_on
        )
    )
    if same_day is None:
        work.session.add(
            Setting(
                name=change.name,
                value=change.value,
                effective_on=change.effective_on,
                request_id=request_id,
            )
        )
    else:
        same_day.value, same_day.request_id = change.value, request_id
    work.session.flush()
    detail: audit.Detail = {
        "old": old,
        "new": change.value,
        "from": change.effective_on.isoformat(),
        "request": request_id,
    }
    audit.record(work, "changed a setting", change.name, detail)
    work.changed(Topic.SETTINGS)
