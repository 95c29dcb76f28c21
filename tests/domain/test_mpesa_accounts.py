"""What a person is told to do when Utility is short, to the shilling."""

import pytest

from sacco_desktop.domain.mpesa_accounts import ROUTES, FloatRoute, top_up_steps

BANK = "333600999"


def test_what_working_holds_is_moved_when_it_is_enough() -> None:
    first, last = top_up_steps(33_837_00, 346_568_00, BANK)
    assert first == (
        "Working holds KES 346,568.00. In the M-Pesa portal move KES 33,837.00 from Working to Utility."
    )
    assert last.startswith("Record the move here.")


@pytest.mark.parametrize(
    ("working", "start"),
    [
        (20_000_00, "Working holds KES 20,000.00. Send KES 13,837.00 from the bank"),
        (0, "Working holds KES 0.00. Send KES 33,837.00 from the bank"),
        (-5_00, "Working holds KES -5.00. Send KES 33,837.00 from the bank"),
        (None, "What Working holds is not known. Send KES 33,837.00 from the bank"),
    ],
)
def test_what_is_missing_beyond_it_comes_from_the_bank(working: int | None, start: str) -> None:
    first, second, _last = top_up_steps(33_837_00, working, BANK)
    assert first.replace("\u2212", "-").startswith(start)
    assert first.endswith(f"to account {BANK}.")
    assert "move KES 33,837.00 from Working to Utility" in second


def test_every_route_takes_from_one_account_and_gives_to_another() -> None:
    assert set(ROUTES) == set(FloatRoute)
    assert all(ends.source != ends.target for ends in ROUTES.values())
