"""Some days of a year of money: every fault is found, none is invented, and each day comes to zero."""

from pathlib import Path

from sacco_desktop.domain.reconciling.classes import LineClass
from tests import make
from tests.faults.money_year import begin, live


def test_every_planted_fault_is_found_and_each_day_comes_to_zero(tmp_path: Path) -> None:
    office = make.office(tmp_path)
    year = begin(office, 5)
    live(year, days=5, lines=90, faults_a_day=3)
    assert set(year.found) == set(LineClass) - {LineClass.MATCHED}
    assert office.count("mpesa_receipt", "state = 'refuted'") >= 1
    office.close()
