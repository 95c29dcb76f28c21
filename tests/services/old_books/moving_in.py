"""Steps of moving in that the tests share: a file as it is read, a draft of it, and two people who agree."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from sacco_desktop.domain.old_books.cells import OldFile
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.gateways.old_books.limits import LIMITS
from sacco_desktop.gateways.old_books.reader import file_of
from sacco_desktop.gateways.old_books.reader_process import read
from sacco_desktop.services.old_books import asking, drafts, dry_run
from sacco_desktop.services.old_books.asking import AskImport
from sacco_desktop.services.old_books.drafts import DraftChange, NewDraft, TotalsChange
from sacco_desktop.services.old_books.dry_run import DraftView
from tests import make
from tests.make import PracticeOffice


def read_here(name: str, data: bytes) -> OldFile:
    """The file as the reading process reads it, without the process, which costs half a second."""
    lines = [json.dumps(item) for item in read(data, LIMITS)]
    return file_of(name, hashlib.sha256(data).hexdigest(), [*lines, '{"end": true}'])


def started(office: PracticeOffice, data: bytes, name: str = "umoja.xlsx") -> DraftView:
    """A draft of the first sheet of a file, begun by Grace."""
    file = read_here(name, data)
    found = office.write(drafts.start, NewDraft(file, file.sheets[0].name), office.grace)
    return look(office, found)


def look(office: PracticeOffice, import_id: int) -> DraftView:
    """The draft as its page shows it."""
    return office.read(dry_run.look, import_id, office.grace)


def planned(office: PracticeOffice, view: DraftView, **changes: Any) -> DraftView:
    """The draft, understood otherwise."""
    plan = replace(view.plan, **changes)
    office.write(drafts.set_plan, DraftChange(view.import_id, view.version, plan), office.grace)
    return look(office, view.import_id)


def totalled(office: PracticeOffice, view: DraftView, words: str = "", **cents: int) -> DraftView:
    """The draft with control totals in cents, by the name of their meaning; without any, those that our sums give."""
    totals = {Meaning[name]: value for name, value in cents.items()} or {
        Meaning(one.name): one.ready_cents for one in view.checked.totals
    }
    change = TotalsChange(view.import_id, view.version, totals, words)
    office.write(drafts.set_totals, change, office.grace)
    return look(office, view.import_id)


def asked(office: PracticeOffice, view: DraftView, *, leaves_out: bool = False) -> int:
    """Ask for the import as Grace; returns the request."""
    return office.write(
        asking.ask, AskImport(view.import_id, view.version, leaves_out), office.grace
    )


def imported(office: PracticeOffice, data: bytes, name: str = "umoja.xlsx") -> DraftView:
    """A file that Grace brought and Daniel agreed to, with its own totals."""
    view = totalled(office, started(office, data, name))
    make.decide(office, asked(office, view), office.daniel)
    return look(office, view.import_id)
