"""Meetings of members: who was late, absent or otherwise fined, by the presets that the society has switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from sacco_desktop.db.tables import Meeting, MeetingMark, Member
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.penalties.charging import NewCharge
from sacco_desktop.domain.penalties.terms import About, PenaltyRule, Span, amount_cents
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reasons import clean_reason
from sacco_desktop.services.books import audit, commands
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.penalties import exemptions, penalty_rows, penalty_rules
from sacco_desktop.services.penalties.penalty_rows import Whose

_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Preset:
    """A fine that may be noted at a meeting of that day, in cents."""

    code: str
    name: str
    cents: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """What was noted at a meeting: of which member which preset. `key` is made when the dialog opens."""

    key: str
    held_on: date
    title: str
    marks: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as the list shows it."""

    meeting_id: int
    held_on: date
    title: str
    fined: int


def presets(work: Work, on: date) -> tuple[Preset, ...]:
    """What may be noted at a meeting of that day: the rules that are switched on then."""
    work.allow(Act.LOOK)
    found = []
    for rule in penalty_rules.rules_about(work, About.MEETING):
        dated = rule.on(on)
        if dated is not None:
            found.append(Preset(rule.code, dated.terms.name, dated.terms.cents))
    return tuple(found)


def record(work: Work, new: Attendance) -> str:
    """Write the attendance down and charge its fines, once; returns words for who wrote it. What was noted of that
    meeting before stays and is not charged again. Raises InvalidInput under the field that is wrong.
    """
    work.allow(Act.RECORD_ATTENDANCE)
    title = clean_reason(new.title, "Write which meeting it was.", "title", _LONGEST_TITLE)
    if new.held_on > work.today:
        raise InvalidInput("A meeting that is still to come has no attendance.", "held_on")
    if not new.marks:
        raise InvalidInput("Add at least one member.", "marks")
    answer = commands.once(work, new.key, "attendance", new, lambda: _record(work, new, title))
    return str(answer["words"])


def _record(work: Work, new: Attendance, title: str) -> dict[str, str]:
    rules = {rule.code: rule for rule in penalty_rules.rules_about(work, About.MEETING)}
    ids = penalty_rules.ids(work)
    meeting = _meeting(work, new.held_on, title)
    fresh: list[tuple[Member, PenaltyRule]] = []
    for member_id, code in dict.fromkeys(new.marks):
        rule, member = rules.get(code), members.load(work, member_id)
        if rule is None or rule.on(new.held_on) is None:
            raise InvalidInput("This fine is not switched on for that day.", "marks")
        if not belongs(member.status):
            raise WrongState(f"{member.number} has left the society, so nothing is noted.")
        if _is_noted(work, meeting, member_id, ids[code]):
            continue
        work.session.add(
            MeetingMark(
                meeting_id=meeting.id,
                member_id=member_id,
                rule_id=ids[code],
                recorded_by=work.actor.user_id,
                recorded_at=work.now,
            )
        )
        fresh.append((member, rule))
    work.session.flush()
    total = _charge(work, meeting, ids, fresh)
    audit.record(work, "wrote attendance down", title, {"fined": len(fresh), "cents": total})
    work.changed(Topic.PENALTIES)
    many = f"{len(fresh)} {'fine' if len(fresh) == 1 else 'fines'}"
    return {"words": f"Recorded. {many} of {format_date(new.held_on)}, {format_kes(total)} in all."}


def _meeting(work: Work, held_on: date, title: str) -> Meeting:
    found = work.session.scalar(
        select(Meeting).where(Meeting.held_on == held_on, Meeting.title == title)
    )
    if found is None:
        found = Meeting(
            held_on=held_on, title=title, recorded_by=work.actor.user_id, recorded_at=work.now
        )
        work.session.add(found)
        work.session.flush()
    return found


def _is_noted(work: Work, meeting: Meeting, member_id: int, rule_id: int) -> bool:
    return (
        work.session.scalar(
            select(MeetingMark.id).where(
                MeetingMark.meeting_id == meeting.id,
                MeetingMark.member_id == member_id,
                MeetingMark.rule_id == rule_id,
            )
        )
        is not None
    )


def _charge(
    work: Work, meeting: Meeting, ids: dict[str, int], noted: Sequence[tuple[Member, PenaltyRule]]
) -> int:
    spared = exemptions.of_members(work, [member.id for member, _rule in noted])
    charges = []
    for member, rule in noted:
        if any(one.covers(rule.code, meeting.held_on) for one in spared.get(member.id, ())):
            continue
        dated = rule.on(meeting.held_on)
        assert dated is not None, "a rule that is off was refused"
        span = Span(meeting.held_on, meeting.held_on, 0)
        cents = amount_cents(dated.terms, (span,))
        subject = f"{member.number}, meeting {meeting.id}"
        day = meeting.held_on
        charge = NewCharge(
            rule.code, dated.terms_id, subject, day, 0, day, day, cents, cents, (span,)
        )
        charges.append((charge, Whose(member.id)))
    words = f"Fines of the meeting of {format_date(meeting.held_on)}"
    return penalty_rows.keep(work, ids, words, meeting.title, charges)


def list_meetings(work: Work, _nothing: None = None) -> tuple[MeetingRow, ...]:
    """The meetings whose attendance was written down, the newest first."""
    work.allow(Act.LOOK)
    rows = work.session.execute(
        select(Meeting, func.count(MeetingMark.id))
        .outerjoin(MeetingMark, MeetingMark.meeting_id == Meeting.id)
        .group_by(Meeting.id)
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
    )
    return tuple(MeetingRow(row.id, row.held_on, row.title, fined) for row, fined in rows)
