"""A statement is read as the portal exports it, with everything that stands in its way, or not at all."""

from datetime import UTC, date, datetime

import pytest

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import OldFile, Sheet
from sacco_desktop.domain.reconciling.headings import Says
from sacco_desktop.domain.reconciling.reading import HowToRead, read_statement
from sacco_desktop.domain.reconciling.statement import RowKind, Source
from tests.domain.reconciling.made_statements import (
    ABOVE,
    CHARGE_IN,
    CHARGE_OUT,
    HEAD,
    IN,
    OUT,
    ROWS,
    TODAY,
    WORDS,
    exported,
    file_of,
    problem,
    proven,
    read,
    receipts,
)

OLDEST_FIRST = ["UCF1D4E5F6 5000", "UCF1D4E5F6 -18", "UCK4A1B2C3 -76955", "UCK4A1B2C3 -13"]


def test_the_export_of_the_portal_is_read_from_the_oldest_row() -> None:
    found = proven(exported(*ROWS))
    assert receipts(found) == OLDEST_FIRST
    assert (found.opening_cents, found.closing_cents) == (120_000_00, 48_014_00)
    assert (found.in_cents, found.out_cents) == (5_000_00, 76_986_00)
    assert (found.first_day, found.last_day) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (found.holder, found.shortcode) == ("EXAMPLE SACCO SOCIETY LTD", "600100")
    paid_in = found.rows[0]
    assert paid_in.at == datetime(2026, 3, 15, 6, 2, 11, tzinfo=UTC)
    assert (paid_in.kind, paid_in.typed) == (RowKind.PAID_IN, "M0123")
    assert paid_in.party == "254722***111 - PETER OTIENO"
    assert [row.kind for row in found.rows[1:]] == [
        RowKind.CHARGE,
        RowKind.PAID_OUT,
        RowKind.CHARGE,
    ]
    assert found.order_words == "newest first"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("other dates", exported(*ROWS).replace("16-03-2026", "2026-03-16").replace("15-03-2026", "15/03/2026")),
        ("no minus before what went out", exported(*ROWS).replace("-13.00", "13.00").replace("-18.00", "18")),
        ("oldest first", exported(*ROWS[::-1])),
        ("in any order", exported(OUT, IN, CHARGE_OUT, CHARGE_IN)),
        ("a column more", exported(*(f"{row},KES" for row in ROWS), head=f"{HEAD},Currency")),
        ("totals below", exported(*ROWS, below='Total,,,,,"5,000.00","-76,986.00",,,,,,\n')),
        ("doubled rows", exported(*ROWS, CHARGE_IN, IN)),
        ("doubled export", exported(*ROWS) + exported(*ROWS)),
        ("a page a day", exported(CHARGE_OUT, OUT) + exported(CHARGE_IN, IN, above="")),
        ("pages turned round", exported(IN, CHARGE_IN) + exported(CHARGE_OUT, OUT, above="")),
        ("closing below", exported(*ROWS, below='Closing Balance:,"48,014.00"\n')),
        ("nothing above", exported(*ROWS, above="")),
    ],
)  # fmt: skip
def test_every_way_in_which_it_comes_gives_the_same_rows(words: str, text: str) -> None:
    assert receipts(proven(text)) == OLDEST_FIRST, words
    assert proven(text).opening_cents == 120_000_00


def test_what_was_declined_moved_nothing_and_an_empty_account_is_read_from_the_details() -> None:
    declined = IN.replace("Completed", "Declined").replace("UCF1", "UCF9")
    found = proven(exported(*ROWS, declined))
    assert (receipts(found), found.idle) == (OLDEST_FIRST, 1)


def test_sheets_of_a_workbook_are_pages_and_its_times_may_be_real_ones() -> None:
    when = datetime(2026, 3, 15, 9, 2, 11)  # noqa: DTZ001  (a workbook knows no zone)
    text = exported(CHARGE_IN, IN)
    file = file_of(text, exported(CHARGE_OUT, OUT, above=""))
    rows = [
        (row[0], when, *row[2:]) if row and row[0] == "UCF1D4E5F6" else row
        for row in file.sheets[0].rows
    ]
    book = OldFile(file.name, "", "", (Sheet("1", tuple(rows)), file.sheets[1]))
    found = read_statement(book, WORDS, HowToRead(Source.MPESA, TODAY)).statement
    assert found is not None
    assert (receipts(found), found.pages) == (OLDEST_FIRST, 2)
    assert found.rows[0].at == datetime(2026, 3, 15, 6, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            exported(*ROWS).replace('"124,982.00"', '"124,892.00"'),
            "8: Row 8 does not add up: 125,000.00 \u2212 18.00 gives 124,982.00, and the row says "
            "124,892.00. A row may be"
            " missing or was changed. Export the statement anew.",
        ),
        (
            exported(CHARGE_OUT, OUT, IN),
            "7: Row 7 does not add up: 125,000.00 \u2212 76,955.00 gives 48,045.00, and the row says "
            "48,027.00. A row may be"
            " missing or was changed. Export the statement anew.",
        ),
        (
            exported(CHARGE_OUT) + exported(CHARGE_IN, IN, above=""),
            "6: A page is missing: Row 8 on page 2 ends with 124,982.00, and row 6 begins with "
            "48,027.00. Between them"
            " \u221276,955.00 moved. Export the statement anew, with all its pages.",
        ),
        (
            exported(*ROWS[:3]),
            "8: The statement says that it opens with 120,000.00, its rows say 125,000.00: 5,000.00 "
            "apart. Rows are missing."
            " Export it anew, with all its pages.",
        ),
        (
            exported(*ROWS, below='Closing Balance:,"48,000.00"\n'),
            "6: The statement says that it closes with 48,000.00, its rows say 48,014.00: 14.00 apart. "
            "Rows are missing."
            " Export it anew, with all its pages.",
        ),
        (
            exported(*ROWS).replace(",-13.00,", ',"1.00",-13.00,', 1).replace(",,\"1.00\"", ',"1.00"'),
            "6: Withdrawn is filled beside Paid In. One row is money in or money out.",
        ),
        (
            exported(*ROWS).replace("UCK4A1B2C3,16-03-2026 10:15:22,16", "uck4a1b2,16-03-2026 10:15:22,16", 1),
            "6: Receipt No. is no receipt: uck4a1b2. A receipt has 10 capital letters and figures. "
            "Export the statement anew.",
        ),
        (
            exported(*ROWS).replace("UCF1D4E5F6,15-03-2026 09:02:11", "UCF1D4E5F6,03-15-2026 09:02:11", 1),
            "8: Completion Time is no time: 03-15-2026 09:02:11.",
        ),
        (
            exported(*ROWS).replace("01-03-2026 00:00:00 To 31", "16-03-2026 00:00:00 To 31").replace(CHARGE_IN, ""),
            "9: Completion Time lies on 15 Mar 2026, and the statement goes from 16 Mar 2026 to 31 Mar "
            "2026. Day and month may"
            " be exchanged; export the statement anew and do not save it in between.",
        ),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_named_by_its_row_and_nothing_is_taken(
    text: str, sentence: str
) -> None:
    assert problem(text) == sentence


def test_the_same_receipt_and_sum_with_another_balance_was_changed() -> None:
    again = IN.replace('"125,000.00"', '"53,014.00"').replace(
        "15-03-2026 09:02:11", "17-03-2026 09:02:11", 1
    )
    assert problem(exported(again, *ROWS)).startswith(
        "6: Receipt UCF1D4E5F6 stands in row 10 and in row 6 with the same sum and another balance."
    )


def test_every_page_may_say_its_own_opening_and_closing() -> None:
    first = ABOVE.replace("From 01-03", "From 01-03")
    second = 'Opening Balance:,"124,982.00"\n'
    text = exported(IN, CHARGE_IN, above=first) + exported(OUT, CHARGE_OUT, above=second)
    assert receipts(proven(text)) == OLDEST_FIRST
    wrong = text.replace(second, 'Opening Balance:,"124,000.00"\n')
    assert "opens with 124,000.00, its rows say 124,982.00: 982.00 apart" in problem(wrong)


def test_every_fault_of_a_file_is_told_with_its_row() -> None:
    text = exported(*ROWS).replace('"48,014.00"', "abc").replace(",-18.00,", ",,")
    found = read(text)
    assert [(one.row, one.column) for one in found.problems] == [(6, "Balance"), (8, "Paid In")]
    assert (
        found.problems[1].message
        == "Paid In and Withdrawn are both empty, so the row moves nothing."
    )


def test_another_file_is_no_statement_and_one_without_transactions_is_none_either() -> None:
    with pytest.raises(InvalidInput) as refused:
        read("Member,Deposits\nM-0001,5\n")
    assert refused.value.message.startswith(
        "statement.csv: No heading of M-Pesa's statement was found"
    )
    idle = (row.replace("Completed", "Cancelled") for row in ROWS)
    with pytest.raises(InvalidInput, match="no completed transaction"):
        read(exported(*idle))


BANK = """Example Bank,,,,
Account number,0123456789,,,
Date,Particulars,Reference,Debit,Credit,Balance
28/02/2026,Balance B/F,,,,"10,000.00"
02/03/2026,SAFARICOM M-PESA SETTLEMENT,FT1,,"2,000.00","12,000.00"
02/03/2026,LEDGER FEE,,50.00,,"11,950.00"
02/03/2026,LEDGER FEE,,50.00,,"11,900.00"
13/03/2026,CHQ 000123 STATIONERY,000123,"1,900.00",,"10,000.00"
"""


def test_a_bank_may_take_the_same_fee_twice_and_its_days_are_read_by_the_column() -> None:
    how = HowToRead(Source.BANK, TODAY)
    found = proven(BANK, how=how)
    assert [(row.day.isoformat(), row.cents, row.nth) for row in found.rows] == [
        ("2026-03-02", 2_000_00, 1),
        ("2026-03-02", -50_00, 1),
        ("2026-03-02", -50_00, 2),
        ("2026-03-13", -1_900_00, 1),
    ]
    assert len({row.identity for row in found.rows}) == 4
    assert [row.kind for row in found.rows] == [
        RowKind.MOVE,
        RowKind.CHARGE,
        RowKind.CHARGE,
        RowKind.OTHER,
    ]
    assert found.opening_cents == 10_000_00


def test_a_bank_without_a_balance_column_is_added_up_from_what_a_person_writes() -> None:
    lines = [
        line.rsplit(",", 1)[0] if not line.endswith('"') else line.rsplit(',"', 1)[0]
        for line in BANK.splitlines()
    ]
    text = "\n".join(line for line in lines if "B/F" not in line)
    how = HowToRead(Source.BANK, TODAY, opening_cents=10_000_00, closing_cents=10_000_00)
    assert proven(text, how=how).closing_cents == 10_000_00
    with pytest.raises(InvalidInput) as refused:
        read(text, how=HowToRead(Source.BANK, TODAY))
    assert refused.value.field == "opening"
    wrong = HowToRead(Source.BANK, TODAY, opening_cents=10_000_00, closing_cents=9_000_00)
    assert "closes with 9,000.00, its rows say 10,000.00" in problem(text, how=wrong)


def test_the_columns_of_a_bank_can_be_chosen_where_its_words_are_not_known() -> None:
    text = "When,What,Moved\n02/03/2026,Deposit,500.00\n03/03/2026,Cheque,-200.00\n"
    columns = {Says.DAY: 0, Says.DETAILS: 1, Says.AMOUNT: 2}
    how = HowToRead(Source.BANK, TODAY, columns, opening_cents=0)
    assert [row.cents for row in proven(text, how=how).rows] == [500_00, -200_00]
