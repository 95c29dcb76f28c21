"""The loan calculator of the command line, against golden cases and hostile arguments."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sacco_desktop.__main__ import main

G02 = (
    "--principal 100000 --rate 1 --per month --method reducing-equal-instalment"
    " --instalments 12 --frequency monthly --disbursed 2026-01-31"
)


def quoted(capsys: pytest.CaptureFixture[str], words: str) -> dict[str, Any]:
    assert main(["quote", *words.split(), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: pytest.CaptureFixture[str], words: str) -> str:
    assert main(["quote", *words.split()]) == 1
    return capsys.readouterr().err


def test_it_needs_no_books_and_no_window(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "sacco_desktop", "quote", *G02.split()]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert json.loads(done.stdout)["total_interest_cents"] == 661_853
    assert "PySide6" not in done.stderr
    assert "sqlalchemy" not in done.stderr


def test_g02_row_by_row(capsys: pytest.CaptureFixture[str]) -> None:
    found = quoted(capsys, G02)
    assert found["total_interest_cents"] == 661_853
    assert found["instalments"][0] == {
        "number": 1,
        "due": "2026-02-28",
        "principal_cents": 788_488,
        "interest_cents": 100_000,
        "total_cents": 888_488,
        "balance_cents": 9_211_512,
    }
    assert [row["due"] for row in found["instalments"][1:3]] == ["2026-03-31", "2026-04-30"]
    assert found["instalments"][-1]["total_cents"] == 888_485


@pytest.mark.parametrize(
    ("words", "interest_cents"),
    [
        ("--principal 100000 --rate 12 --per year --method flat --instalments 12", 1_200_000),
        (f"{G02} --rounding 1", 661_846),
        ("--principal 120000 --rate 1 --method reducing-equal-principal --instalments 12", 780_000),
        ("--principal 100000 --rate 1 --method reducing-equal-principal --instalments 12", 650_000),
        (
            "--principal 100000 --rate 12 --per year --method reducing-flat --instalments 12",
            650_000,
        ),
        (
            "--principal 50000 --rate 10 --per year --method flat --instalments 104"
            " --frequency weekly --grace-days 28",
            1_000_000,
        ),
        (
            "--principal 26000 --rate 12 --per year --method reducing-equal-principal"
            " --instalments 26 --frequency weekly",
            81_000,
        ),
        ("--principal 10000.33 --rate 0 --method none --instalments 7", 0),
        ("--principal 100000 --rate 12 --per year --method upfront --instalments 12", 0),
        (
            "--principal 100 --rate 9.4822 --per year --day-count 30/360 --instalments 6",
            278,
        ),
    ],
)
def test_golden_totals(capsys: pytest.CaptureFixture[str], words: str, interest_cents: int) -> None:
    day = "" if "--disbursed" in words else " --disbursed 2024-01-01"
    assert quoted(capsys, words + day)["total_interest_cents"] == interest_cents


def test_g13_rounded_up_to_the_unit(capsys: pytest.CaptureFixture[str]) -> None:
    found = quoted(
        capsys,
        "--principal 280000 --rate 8.4 --per year --instalments 20"
        " --disbursed 2024-01-01 --rounding 1",
    )
    assert found["instalments"][0]["total_cents"] == 1_505_200
    assert found["total_interest_cents"] == 2_103_406


def test_interest_in_advance_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    words = "--principal 100000 --rate 1 --method upfront --instalments 12 --disbursed 2024-01-01"
    assert quoted(capsys, words)["upfront_interest_cents"] == 1_200_000


@pytest.mark.parametrize(
    ("rule", "total_cents"),
    [("full-period", 5_200_701), ("actual/365", 5_166_138), ("30/360", 5_166_373)],
)
def test_g17_payoff(capsys: pytest.CaptureFixture[str], rule: str, total_cents: int) -> None:
    words = G02.replace("2026-01-31", "2024-01-01")
    found = quoted(capsys, f"{words} --payoff 2024-07-11 --payoff-interest {rule}")
    assert found["payoff"]["total_cents"] == total_cents
    assert found["payoff"]["instalments_paid"] == 6


def test_prepayments_keep_the_term_or_the_instalment(capsys: pytest.CaptureFixture[str]) -> None:
    longer = quoted(capsys, f"{G02} --prepay 6:20,000:keep-term")
    shorter = quoted(capsys, f"{G02} --prepay 6:20000:keep-instalment")
    assert len(longer["instalments"]) == 12
    assert len(shorter["instalments"]) == 10
    assert shorter["instalments"][5]["balance_cents"] == 3_149_209
    assert shorter["total_interest_cents"] < longer["total_interest_cents"] < 661_853


def test_graces_are_counted_in_instalments(capsys: pytest.CaptureFixture[str]) -> None:
    rows = quoted(capsys, f"{G02} --grace-principal 2 --grace-interest 1")["instalments"]
    assert [row["principal_cents"] for row in rows[:2]] == [0, 0]
    assert [row["interest_cents"] for row in rows[:2]] == [0, 100_000]


def test_without_json_it_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quote", *G02.split(), "--payoff", "2026-08-10"]) == 0
    printed = capsys.readouterr().out
    assert "8,884.88" in printed
    assert "Interest in all: KES 6,618.53." in printed
    assert "Settled on 2026-08-10: KES 52,007.01" in printed


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("--principal -5", "more than zero"),
        ("--principal 1e3", "figures"),
        ("--rate lots", "percent"),
        ("--rate nan", "percent"),
        ("--rate 101", "between 0 % and 100 %"),
        ("--rate 1_0", "percent"),
        ("--rate ١٢", "percent"),
        ("--instalments 0", "instalments"),
        ("--instalments 100000", "instalments"),
        ("--disbursed 31/01/2026", "2026-01-31"),
        ("--payoff tomorrow", "2026-01-31"),
        ("--payoff 2025-01-01", "not paid out yet"),
        ("--prepay 6:20000", "6:20000:keep-term"),
        ("--prepay 6:20000:keep-all", "keep-instalment or keep-term"),
        ("--prepay 12:20000:keep-term", "0 to 11"),
        ("--prepay 6:90000:keep-term", "payoff"),
        ("--day-count weekly-364", "weekly"),
        ("--agreed-interest-share 150 --payoff 2026-03-05", "0 to 100"),
    ],
)
def test_refuses_what_makes_no_sense_in_one_sentence(
    capsys: pytest.CaptureFixture[str], change: str, sentence: str
) -> None:
    said = refused(capsys, f"{G02} {change}")
    assert sentence in said
    assert "Traceback" not in said
