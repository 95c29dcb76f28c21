"""The statement of a practice office: the simulated portal's own, with something on it that the books do not know."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import httpx

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.domain.chart import MPESA_UTILITY
from sacco_desktop.domain.old_books.cells import OldFile
from sacco_desktop.gateways.old_books.limits import LIMITS
from sacco_desktop.gateways.old_books.reader import file_of
from sacco_desktop.gateways.old_books.reader_process import read
from sacco_desktop.services.reconciling import statement_files
from sacco_desktop.services.reconciling.statement_files import GivenStatement


def portal_file(practice: PracticeOffice, asked: Mapping[str, str]) -> OldFile:
    """What the simulated portal exports, as it is read; `asked` names account and form."""
    answer = httpx.get(f"{practice.safaricom.base_url}/control/statement", params=dict(asked))
    answer.raise_for_status()
    name = answer.headers["Content-Disposition"].partition('filename="')[2].rstrip('"')
    lines = [*(json.dumps(item) for item in read(answer.content, LIMITS)), '{"end": true}']
    fingerprint = hashlib.sha256(answer.content).hexdigest()
    return file_of(name, fingerprint, lines, is_statement=True)


def statement_comes(practice: PracticeOffice) -> None:
    """The bank has sent money to M-Pesa that nobody wrote down, and Grace takes the statement of Utility in."""
    practice.safaricom.fund(2_500_00)
    given = GivenStatement(portal_file(practice, {"account": "utility"}), MPESA_UTILITY)
    practice.office.books.write(statement_files.take_in, given, actor=practice.person("grace"))
