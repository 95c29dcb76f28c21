"""The search for members: the same on both engines as a plain look at every member, and noticed when it is not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from sacco_desktop.db.tables import Member, MemberSearch
from sacco_desktop.domain.folding import folded
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import member_search, members
from sacco_desktop.services.membership.member_search import ToFind
from sacco_desktop.services.membership.members import Entrant, MemberRow
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.services.proof import verify
from tests import make
from tests.engines import EngineKind
from tests.make import PracticeOffice

NAMES = (
    "Wanjikũ", "wanjiku", "WANJIRU", "Ng'ang'a", "Ng\u2019ang\u2019a", "Nganga", "Bo", "Ó", "O'Brien", "Obrien",
    "Ñandú", "100%", "50_a", "a_b", "Anne-Marie", "Łucja", "Kamau", "Mwakamau", "Ann", "Joanna", "Otieno",
    "Ochieng''", "Aa", "Aaaa", 'Q"uote', "Back\\slash", "Star*", "(Otieno)", "NOT", "OR", "AND", "Ki:ma",
    "Ki^ma", "Μαρία", "Straße", "Zoe",
)  # fmt: skip
HAND_PICKED = (
    "", "  ", "a", "b", "o", "x", "q", "ó", "bo", "kĩ", "an", "aa", "aaa", "aaaaa", "nga", "NG'A",
    "ng\u2019ang", "ganga", "wanjik", "WANJIKŨ", "anjik", "kamau", "amau", "%", "_", "100%", "0%", "a_b",
    "50_a", "a%b", "*", "star*", '"', 'q"u', 'back\\', "'", "''", "ochieng", "(otieno)", "not", "or", "and",
    "NEAR(a b)", "ki:ma", "pieces:ann", "ki^m", "-marie", "anne-m", "μαρ", "strasse", "straße", "m-00",
    "m-0012", "M-0003", "003", "0003 ann", "-", "m-", "sealed", "==", "+254712000003", "0712000003",
    "712000003", "254712000003", "0712 000 003", "0003", "2000", "12000003", "20000007", "200 00 007",
    "ann 0012", "0012 ann", "otieno 0712000005", "\x00", "a\x00", "\ufeff", "z" * 500, "ab " * 90, "cps 12/7",
    "CPS", "p30303033", "n30303037",
)  # fmt: skip
PEOPLE = 90


def _write(work: Work, _nothing: None) -> None:
    chance = random.Random(17)
    for at in range(PEOPLE):
        first, other, last = (chance.choice(NAMES) for _ in range(3))
        card = f"CPS 12/{at}" if at % 40 == 7 else str(20_000_000 + at)
        phone = f"2547{12_000_000 + at * (1 if at % 3 else 7919):08}"
        members.let_in(work, Entrant(first, other if at % 2 else "", last, card, phone))
    # Those of an import are written many at once.
    everybody = list(work.session.scalars(select(Member).order_by(Member.id)))
    work.session.execute(delete(MemberSearch))
    names = [(one.first_name, one.other_names, one.last_name) for one in everybody]
    member_search.keep_new(
        work,
        [
            (one.id, ToFind(one.number, names[at], one.phone, one.national_id))
            for at, one in enumerate(everybody)
        ],
    )


def _scan(people: list[MemberRow], typed: str) -> list[str]:
    """Whom a person means who looks at one member after the other."""
    joined = "".join(typed.split()).upper()
    if joined.lstrip("+").isdigit() and joined.isascii():
        phone = "254" + joined.removeprefix("+").removeprefix("254").removeprefix("0")
    else:
        joined, phone = typed.strip().upper(), ""
    whole = [one for one in people if joined and joined in (one.number, one.national_id)]
    whole += [one for one in people if one.phone == phone and one not in whole]
    if whole:
        return sorted(one.number for one in whole)
    words = folded(typed).split()
    fitting = [one for one in people if words and all(_is_meant(one, word) for word in words)]
    return sorted(one.number for one in fitting[:8])


def _is_meant(one: MemberRow, word: str) -> bool:
    if any(word in part for part in folded(f"{one.number} {one.full_name}").split()):
        return True
    if word == one.national_id.casefold():
        return True
    figures = word.removeprefix("+")
    if not (figures.isascii() and figures.isdigit()):
        return False
    ends = (one.phone[-4:], one.national_id[-4:])
    return word in ends or one.phone == "254" + figures.removeprefix("254").removeprefix("0")


def test_the_search_finds_whom_a_look_at_everybody_finds(
    office: PracticeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Most of the people are behind those whom PostgreSQL looks at without its index.
    monkeypatch.setattr(member_search, "NEAR", 20)
    office.write(_write, None, office.peter)
    people = sorted(office.read(members.list_members, None), key=lambda one: one.member_id)
    chance = random.Random(29)
    typed = list(HAND_PICKED)
    for _ in range(90):
        together = []
        for _ in range(chance.choice((1, 1, 2, 3))):
            one = chance.choice(people)
            word = chance.choice((*one.full_name.split(), one.number, one.phone, one.national_id))
            begin = chance.randrange(len(word))
            piece = word[begin : begin + chance.choice((1, 2, 3, 4, 9))]
            together.append(chance.choice((piece, piece.upper(), piece.lower())))
        typed.append(" ".join(together))
    typed += [one.phone[-4:] for one in people[:20]] + [one.national_id[-4:] for one in people[:20]]
    answers = office.read(_answers, typed, office.peter)
    for words, (found, rows) in zip(typed, answers, strict=True):
        assert (found, rows) == (_scan(people, words), found), repr(words)
    assert sum(bool(found) for found, _rows in answers) > len(typed) // 2


def _answers(work: Work, typed: list[str]) -> list[tuple[list[str], list[str]]]:
    """The numbers found for each, and those of the rows that a page shows for it."""
    return [
        (
            [one.number for one in member_search.find(work, words)],
            [one.number for one in members.find(work, words)],
        )
        for words in typed
    ]


def test_pieces_are_not_yet_the_word_and_a_new_phone_is_found_by_its_end(
    office: PracticeOffice,
) -> None:
    """The pieces of `abcd` are in `abc bcd` too, and only the words themselves tell them apart."""

    def write(work: Work, _nothing: None) -> None:
        for at in range(40):
            names = ("Abc", "", "Bcd") if at < 39 else ("Xabcd", "", "Bo")
            members.let_in(work, Entrant(*names, str(30_000_000 + at), f"2547130077{at:02}"))

    office.write(write, None, office.peter)
    [found] = office.read(member_search.find, "abcd", office.peter)
    assert found.number == "M-0040"
    change = PhoneChange(found.member_id, 1, "0799 888 777")
    office.write(phone_changes.change_phone, change, office.peter)
    [again] = office.read(member_search.find, "8777", office.peter)
    assert (again.number, again.phone) == ("M-0040", "254799888777")
    assert office.read(member_search.find, found.phone[-4:], office.peter) == ()


BREACHES = (
    "UPDATE member SET last_name = 'Other' WHERE id = 1",
    "DELETE FROM member_search WHERE member_id = 2",
    "UPDATE member_search SET pieces = 'aaa bbb' WHERE member_id = 3",
)
LOST_BY_THE_INDEX = (
    "INSERT INTO member_piece (member_piece, rowid, pieces)"
    " SELECT 'delete', member_id, pieces FROM member_search WHERE member_id = 4"
)


def test_verify_names_whom_the_search_would_not_find(tmp_path: Path, engine: EngineKind) -> None:
    office = make.office(tmp_path)
    for _ in range(5):
        make.member(office)
    assert office.read(verify.verify, None).is_sound
    expected = {
        "Member M-0001": "is searched by other words or numbers than the row has.",
        "Member M-0002": "is unknown to the search.",
        "Member M-0003": "is searched by other words or numbers than the row has.",
    }
    for breach in BREACHES:
        office.sql(breach)
    if engine is EngineKind.SQLITE:
        # PostgreSQL keeps its index itself.
        office.sql(LOST_BY_THE_INDEX)
        expected["Member M-0004"] = "is not in the index of the search as it should."
    faults = office.read(verify.verify, None).faults
    assert {fault.where: fault.what for fault in faults} == expected
    office.close()
