"""Sets up the books of a society and answers what its dated settings say today."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from sacco_desktop.db.tables import Setting, Society, User
from sacco_desktop.domain.chart import read_chart
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services import audit, ledger
from sacco_desktop.services.papers import Letterhead
from sacco_desktop.services.work import CLOCK_USER_ID, Topic, Work
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
class SettingChange:
    """A new value of a setting from a date on."""

    name: str
    value: str
    effective_on: date


def set_up(work: Work, new: NewSociety) -> str:
    """Write the society, the chart of accounts and the default settings into empty books; returns the books' id."""
    if work.session.get(Society, 1) is not None:
        raise WrongState("These books belong to a society already.")
    if new.environment not in ENVIRONMENTS:
        raise InvalidInput("Choose practice, sandbox or production.", "environment")
    if not new.name.strip():
        raise InvalidInput("Write the name of the society.", "name")
    books_id = secrets.token_hex(8)
    work.session.add(
        Society(
            id=1,
            books_id=books_id,
            name=new.name.strip(),
            registration_number=new.registration_number.strip(),
            postal_address=new.postal_address.strip(),
            phone=new.phone.strip(),
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
    chart = resources_dir() / "chart_of_accounts.csv"
    ledger.open_chart(work, read_chart(chart.read_text(encoding="utf-8")))
    audit.record(work, "set up the society", new.name, {"environment": new.environment})
    work.changed(Topic.SETTINGS)
    return books_id


def _write_default_settings(work: Work) -> None:
    text = (resources_dir() / "society_settings.toml").read_text(encoding="utf-8")
    # A default holds since ever, so that a day before the set-up has a value too.
    since = date(2000, 1, 1)
    for row in tomllib.loads(text)["setting"]:
        work.session.add(Setting(name=row["name"], value=row["value"], effective_on=since))
    work.session.flush()


def society_of(work: Work) -> Society:
    """The society of these books. Raises NotFound before the set-up."""
    society = work.session.get(Society, 1)
    if society is None:
        raise NotFound("These books are empty. Set up the society first.")
    return society


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


def setting(work: Work, name: str, on: date | None = None) -> str:
    """The value of a setting on a date, today by default. Raises NotFound for a name that does not exist."""
    value = work.session.scalar(
        select(Setting.value)
        .where(Setting.name == name, Setting.effective_on <= (on or work.today))
        .order_by(Setting.effective_on.desc())
        .limit(1)
    )
    if value is None:
        raise NotFound(f"There is no setting {name}.")
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


def change_setting(work: Work, change: SettingChange) -> None:
    """Give a setting another value from a date on; the old value stays for the days before."""
    work.allow(Act.MANAGE_CONNECTIONS)
    old = setting(work, change.name, change.effective_on)
    if change.effective_on < work.today:
        raise InvalidInput("A setting changes today or later, not in the past.", "effective_on")
    same_day = work.session.scalar(
        select(Setting).where(
            Setting.name == change.name, Setting.effective_on == change.effective_on
        )
    )
    if same_day is None:
        work.session.add(
            Setting(name=change.name, value=change.value, effective_on=change.effective_on)
        )
    else:
        same_day.value = change.value
    audit.record(work, "changed a setting", change.name, {"old": old, "new": change.value})
    work.changed(Topic.SETTINGS)


def all_settings(work: Work, _nothing: None = None) -> Sequence[tuple[str, str]]:
    """Every setting with the value that holds today, by name."""
    names = work.session.scalars(select(Setting.name).distinct().order_by(Setting.name))
    return [(name, setting(work, name)) for name in names]
