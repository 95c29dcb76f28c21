"""The guided tour is a test too: it drives the real window and believes nothing that the window says alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from sacco_desktop.demo.tour.proofs import NotProven, pdf_text, require
from sacco_desktop.demo.tour.run import prove_steps
from sacco_desktop.demo.tour.steps import STEPS

ROOT = Path(__file__).resolve().parents[2]


def test_the_tour_sees_every_step_happen_and_leaves_pictures_and_papers(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "sacco_desktop", "demo", "--headless", "--folder", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("proof: ") == len(STEPS)
    assert "OriginatorConversationID PO-" in ran.stdout
    assert len(list((tmp_path / "pictures").glob("*.png"))) >= 12
    assert "Loan disbursement voucher" in pdf_text(tmp_path / "papers" / "voucher.pdf")


def test_a_step_that_is_not_proven_ends_the_tour_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = []

    def believed(_visit: object) -> str:
        require("the receipt at Safaricom", None)
        return "never reached"

    def after(_visit: object) -> str:
        seen.append("after")
        return ""

    steps = (("A payment that nobody saw", believed), ("What comes after", after))
    assert not prove_steps(object(), steps)  # type: ignore[arg-type]
    assert "FAILED: the receipt at Safaricom" in capsys.readouterr().out
    assert seen == []


def test_nothing_is_proven_by_an_empty_answer() -> None:
    with pytest.raises(NotProven, match="one row"):
        require("one row", ())
