"""The rules that hold for a payout today: purposes, limits, tariff, and who bears the charge."""

from __future__ import annotations

from functools import lru_cache

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.payout_parts import MpesaRules
from sacco_desktop.domain.payout_purposes import Purpose, read_purposes
from sacco_desktop.domain.payout_ways import Bearer
from sacco_desktop.domain.tariff import Tariff, read_tariffs
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society
from sacco_desktop.settings import resources_dir


@lru_cache(maxsize=1)
def purposes() -> tuple[Purpose, ...]:
    """Every purpose for which money goes out."""
    return read_purposes((resources_dir() / "payout_purposes.toml").read_text(encoding="utf-8"))


def purpose_of(name: str) -> Purpose:
    """The purpose of this name. Raises InvalidInput."""
    found = next((each for each in purposes() if each.name == name), None)
    if found is None:
        raise InvalidInput("Choose what the money is for.", "purpose")
    return found


@lru_cache(maxsize=4)
def _tariffs(name: str) -> tuple[Tariff, ...]:
    return read_tariffs((resources_dir() / "tariffs" / f"{name}.csv").read_text(encoding="utf-8"))


def mpesa_rules(work: Work, *, to_member: bool = True) -> MpesaRules:
    """The rules for M-Pesa today. Whoever is no member never bears the charge: they are owed what was agreed."""
    tariff = society.setting(work, "payout.tariff")
    bearer = Bearer(society.setting(work, "payout.charge_bearer"))
    return MpesaRules(
        least_cents=society.number_setting(work, "payout.minimum_cents"),
        most_cents=society.number_setting(work, "payout.maximum_cents"),
        may_split=society.setting(work, "payout.above_limit") == "split",
        bearer=bearer if to_member else Bearer.SOCIETY,
        tariff_name=tariff,
        tariffs=_tariffs(tariff),
        on=work.today,
    )


def daily_cents(work: Work) -> int:
    """The most that one phone receives from us in a day."""
    return society.number_setting(work, "payout.receiver_daily_cents")
