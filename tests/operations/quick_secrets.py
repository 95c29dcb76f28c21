"""The weakest argon2 for people and sealed files: how slow it is has tests of its own."""

from __future__ import annotations

import pytest

from sacco_desktop.gateways import secrets
from sacco_desktop.services.office import users
from tests.make import QUICK_HASHER


def weaken_passwords(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(users, "HASHER", QUICK_HASHER)
    cost = {"time_cost": 1, "memory_cost": 32, "parallelism": 4}
    patch.setattr(secrets, "_COST", cost)
