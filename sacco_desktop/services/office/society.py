"""Sets up the books of a society and answers what its dated settings say today."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Setting, Society, User
from sacco_desktop.domain.chart import read_chart
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.message_texts import text_rules
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.templates import Template, read_templates
from sacco_desktop.domain.messages.words import Language
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.setting_rules import SINCE_EVER as SINCE_EVER
from sacco_desktop.domain.setting_rules import TEXT_PREFIX, SettingRule, read_rules
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.papers import Letterhead
from sacco_desktop.services.books.work import CLOCK_USER_ID, Topic, Work
from sacco_desktop.services.office import approval_needs, first_products, first_rules, limits
from sacco_desktop.settings import resources_dir

ENVIRONMENTS = ("practice", "sandbox", "production")


@dataclass(frozen=True, slots=True)
class NewSociety:
    """What is asked before the first entry. `environment` is practice, sandbox or production and stays with
    the books.
    """

    name: str
    registration_number: str
    postal_address: str
    phone: str
    environment: str


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value of a setting and the day from which it counts."""

    value: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A setting with what holds today and everything it was or will be, the newest first."""

    rule: SettingRule
    value: str
    since: date
    coming: DatedValue | None
    history: tuple[DatedValue, ...]


def check_name(new: NewSociety) -> NewSociety:
    """The society's name, number, address and phone without stray spaces. Raises InvalidInput under its field."""
    tidy = replace(
        new,
        name=" ".join(new.name.split()),
        registration_number=" ".join(new.registration_number.split()),
        postal_address=" ".join(new.postal_address.split()),
        phone=" ".join(new.phone.split()),
    )
    if not tidy.name:
        raise InvalidInput("Write the name of the society.", "name")
    if not tidy.registration_number:
        raise InvalidInput(
            "Write the number under which the society is registered, for example CS/1234.",
            "registration_number",
        )
    return tidy


def set_up(work: Work, new: NewSociety) -> str:
    """Write the society, the chart of accounts and the default settings into empty books; returns the books' id."""
    if not is_empty(work):
        raise WrongState("These books belong to a society already.")
    if new.environment not in ENVIRONMENTS:
        raise InvalidInput("Choose practice, sandbox or production.", "environment")
    new = check_name(new)
    books_id = secrets.token_hex(8)
    work.session.add(
        Society(
            id=1,
            books_id=books_id,
            name=new.name,
            registration_number=new.registration_number,
            postal_address=new.postal_address,
            phone=new.phone,
            environment=new.environment,
            created_at=work.now,
        )
    )
    # The clock needs a name on the rows it writes; "!" is no argon2 hash, so nobody can sign in as it.
    work.session.add(
        User(
            id=CLOCK_USER_ID,
            username="sacco-desktop",
            full_name="Sacco Desktop",
            password_hash="!",  # noqa: S106
            created_at=work.now,
        )
    )
    work.session.flush()
    _write_default_settings(work)
    approval_needs.write_first_levels(work)
    limits.write_first_limits(work)
    chart = resources_dir() / "chart_of_accounts.csv"
    ledger.open_chart(work, read_chart(chart.read_text(encoding="utf-8")))
    first_products.write_first_products(work)
    first_rules.write_first_rules(work)
    audit.record(work, "set up the society", new.name, {"environment": new.environment})
    work.changed(Topic.SETTINGS)
    return books_id


def is_empty(work: Work, _nothing: None = None) -> bool:
    """Whether these books belong to no society yet."""
    return work.session.get(Society, 1) is None


def setting_rules() -> tuple[SettingRule, ...]:
    """Every setting that this program knows, in the order in which people read them."""
    return read_rules((resources_dir() / "society_settings.toml").read_text(encoding="utf-8"))


def rule_named(name: str) -> SettingRule:
    """One setting, or the text of one message. Raises NotFound."""
    known = text_rules(shipped_texts()) if name.startswith(TEXT_PREFIX) else setting_rules()
    rule = next((rule for rule in known if rule.name == name), None)
    if rule is None:
        raise NotFound(f"There is no setting {name}.")
    return rule


@lru_cache(maxsize=1)
def shipped_texts() -> dict[tuple[Event, Language], Template]:
    """The texts of messages that come with the program."""
    source = resources_dir() / "messages" / "templates.toml"
    return read_templates(source.read_text(encoding="utf-8"))


def _write_default_settings(work: Work) -> None:
    for rule in setting_rules():
        row = Setting(name=rule.name, value=rule.first_value, effective_on=SINCE_EVER)
        work.session.add(row)
    work.session.flush()


def society_of(work: Work) -> Society:
    """The society of these books. Raises NotFound before the set-up."""
    society = work.session.get(Society, 1)
    if society is None:
        raise NotFound("These books are empty. Set up the society first.")
    return society


_BOOKS_ID = Lookup(select(Society.books_id))


def books_id(work: Work) -> str:
    """The id of these books, by which nothing of theirs is taken for another society's. Raises NotFound."""
    found = _BOOKS_ID.value(work.session)
    return society_of(work).books_id if found is None else found


def letterhead(work: Work) -> Letterhead:
    """What stands at the head of the society's papers."""
    society = society_of(work)
    return Letterhead(
        name=society.name,
        registration_number=society.registration_number,
        postal_address=society.postal_address,
        phone=society.phone,
        is_practice=society.environment != "production",
    )


_SETTING = Lookup(
    select(Setting.value)
    .where(Setting.name == bindparam("name"), Setting.effective_on <= bindparam("on"))
    .order_by(Setting.effective_on.desc())
    .limit(1)
)


def setting(work: Work, name: str, on: date | None = None) -> str:
    """The value of a setting on a date, today by default. Raises NotFound for a name that does not exist.

    Books that were set up before this program knew the setting have the first value until somebody changes it.
    """
    value = _SETTING.value(work.session, name=name, on=on or work.today)
    if value is None:
        return rule_named(name).first_value
    return value


def number_setting(work: Work, name: str) -> int:
    """A setting that is a whole number."""
    return int(setting(work, name))


def yes_setting(work: Work, name: str) -> bool:
    """A setting that is yes or no."""
    return setting(work, name) == "yes"


def minutes_setting(work: Work, name: str) -> timedelta:
    """A setting that is a number of minutes."""
    return timedelta(minutes=number_setting(work, name))


def list_rules(work: Work, _nothing: None = None) -> tuple[RuleRow, ...]:
    """Every setting with what it means, what holds today, and when it was or will be something else."""
    work.allow(Act.LOOK)
    dated: dict[str, list[DatedValue]] = {}
    for row in work.session.scalars(select(Setting).order_by(Setting.effective_on.desc())):
        dated.setdefault(row.name, []).append(DatedValue(row.value, row.effective_on))
    for rule in setting_rules():
        rows = dated.setdefault(rule.name, [])
        if all(row.effective_on > SINCE_EVER for row in rows):
            rows.append(DatedValue(rule.first_value, SINCE_EVER))
    return tuple(_rule_row(rule, dated[rule.name], work.today) for rule in setting_rules())


def _rule_row(rule: SettingRule, dated: Sequence[DatedValue], today: date) -> RuleRow:
    now = next(one for one in dated if one.effective_on <= today)
    later = [one for one in dated if one.effective_on > today]
    return RuleRow(rule, now.value, now.effective_on, later[-1] if later else None, tuple(dated))


def all_settings(work: Work, _nothing: None = None) -> Sequence[tuple[str, str]]:
    """Every setting with the value that holds today, by name."""
    names = work.session.scalars(select(Setting.name).distinct().order_by(Setting.name))
    return [(name, setting(work, name)) for name in names]
