"""Proves a built program in a home where nothing of ours lies: `dev.py build --prove`, or with the folder of a build
`python -m tests.build_proof FOLDER`. The exit code is 0 only if every step was seen.

The program is what does everything: it drives its own window, unseen, as its guided tour does (people sign in, a loan
is read and paid, a voucher is printed); then its commands read the books that it wrote, and new books on a real
PostgreSQL. What this file does itself is to read the papers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sacco_desktop.demo.practice_office import PASSPHRASE
from sacco_desktop.demo.tour.proofs import NotProven, pdf_text, require
from sacco_desktop.demo.tour.steps import STEPS
from tests.postgresql_server import running

PATIENCE_SECONDS = 600.0
SUFFIX = ".exe" if sys.platform == "win32" else ""


class Built:
    """A built program in a home of its own. It finds neither Python nor the sources, as on an office PC."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder = folder.resolve()
        console = self._folder / f"sacco-desktop-console{SUFFIX}"
        self._program = console if console.exists() else self._folder / f"sacco-desktop{SUFFIX}"
        self.home = home

    def _environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "USERPROFILE": str(self.home),
            "PATH": os.defpath,
            "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
            "SACCO_KEYRING": "file",
            "SACCO_PASSPHRASE": PASSPHRASE,
            **more,
        }

    def run(self, *words: str, **environment: str) -> str:
        """What a command prints. Raises NotProven when it fails."""
        done = subprocess.run(
            [str(self._program), *words],
            cwd=self.home, env=self._environment(**environment), capture_output=True,
            encoding="utf-8", timeout=PATIENCE_SECONDS, check=False,
        )  # fmt: skip
        said = f"{done.stdout[-3000:]}{done.stderr[-3000:]}"
        require(f"{' '.join(words)} ended with {done.returncode}: {said}", done.returncode == 0)
        return done.stdout

    def read(self, books: Path, command: str, **environment: str) -> Any:
        """The data that a command prints of the books in a folder."""
        return json.loads(self.run("--data-dir", str(books), command, "--json", **environment))

    def megabytes(self) -> float:
        """How much of a disk the folder takes."""
        files = (path for path in self._folder.rglob("*") if not path.is_symlink())
        return sum(path.lstat().st_size for path in files) / 1e6


def _start(built: Built) -> str:
    """How long the program takes to say what it can do, at best: Python and its modules are unpacked by then."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        require("its commands are listed", "verify" in built.run("--help"))
        times.append(time.perf_counter() - began)
    return f"{built.megabytes():.0f} MB; it starts in {min(times):.1f} s"


def _tour(built: Built) -> str:
    began = time.perf_counter()
    said = built.run("demo", "--headless", "--folder", str(built.home / "tour"))
    seconds = time.perf_counter() - began
    require("every step was proven", said.count("    proof: ") == len(STEPS))
    pictures = list((built.home / "tour" / "pictures").glob("*.png"))
    require("a picture of the window at each turn", len(pictures) > 10)
    return f"{len(STEPS)} steps in its own window, {len(pictures)} pictures, {seconds:.0f} s"


def _loan_and_voucher(built: Built) -> str:
    """The loan as a command reads it, and the same figures on the voucher that the window printed."""
    books = built.home / "tour" / "office" / "office"
    paid = [row for row in built.read(books, "payouts") if row["status"] == "paid"]
    require("a paid payout", paid)
    loans = {row["number"]: row for row in built.read(books, "loans")}
    text = pdf_text(built.home / "tour" / "papers" / "voucher.pdf")
    [row] = [row for row in paid if row["receipt"] in text]
    loan = loans[row["loan_number"]]
    require("the loan runs", loan["status"] == "active")
    shillings = f"{row['net_cents'] // 100:,}.{row['net_cents'] % 100:02}"
    for wanted in (row["number"], loan["number"], loan["member_name"], shillings):
        require(f"{wanted} on the voucher", wanted in text)
    return f"{loan['number']} of {loan['member_name']}, KES {shillings}, receipt {row['receipt']}"


def _sound(built: Built) -> str:
    proof = built.read(built.home / "tour" / "office" / "office", "verify")
    require("the books are sound", proof["is_sound"] and proof["entries"] > 0)
    return f"{proof['entries']} entries, {proof['postings']} postings, {proof['audit_rows']} audit rows"


def _postgresql(built: Built) -> str:
    """New books on a server: the driver, the migrations and the guards are in the folder."""
    with running() as server:
        url = server.url(server.create())
        books = built.home / "shared"
        proof = built.read(books, "verify", SACCO_DATABASE_URL=url)
        require("sound and empty books", proof["is_sound"] and proof["entries"] == 0)
        require("no file of books beside them", not (books / "books.db").exists())
    return "new books are made and proven there"


STEPS_OF_PROOF = (
    ("It starts", _start),
    ("It goes through the day of an office in its own window", _tour),
    ("The loan that was paid is the one on the voucher", _loan_and_voucher),
    ("It proves the books that it wrote", _sound),
    ("It opens books on PostgreSQL", _postgresql),
)


def main(folder: Path) -> int:
    """Prove the build in `folder`; prints each step with what was seen."""
    with tempfile.TemporaryDirectory(prefix="built-", ignore_cleanup_errors=True) as home:
        built = Built(folder, Path(home))
        for title, step in STEPS_OF_PROOF:
            try:
                print(f"{title}: {step(built)}.", flush=True)
            except NotProven as failure:
                print(f"{title}: FAILED. {failure}", flush=True)
                return 1
    print("The built program does all of it.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
