"""Each guard of the suite catches what it is for, and only that."""

import shutil
import subprocess
import sys

import pytest

from tests.architecture.house import ROOT

# A suite under the same guards. What should fail is named `bad_…` at its end.
PLANTED = """
import logging, socket, threading
import pytest
from datetime import timedelta

kept = []

def test_bad_warning_in_the_log():
    logging.getLogger("office").warning("the roof leaks")

@pytest.mark.expects_log("roof")
def test_fine_announced_warning():
    logging.getLogger("office").warning("the roof leaks")

def test_fine_warning_announced_inside(expect_log):
    expect_log("the roof")
    logging.getLogger("office").warning("the roof leaks")

@pytest.mark.expects_log("roof")
def test_bad_announced_and_never_seen():
    pass

def test_bad_reaching_out_although_swallowed():
    try:
        socket.create_connection(("192.0.2.1", 9), 1)
    except OSError:
        pass

def test_bad_looking_up_a_name_although_swallowed():
    try:
        socket.create_connection(("example.org", 9), 1)
    except OSError:
        pass

def test_fine_loopback_and_outage():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), 1).close()
    with pytest.raises(socket.gaierror):
        socket.create_connection(("relay.invalid", 9), 1)

def test_bad_leftover_thread():
    threading.Thread(target=threading.Event().wait, args=(9,), daemon=True, name="lost").start()

def test_bad_widget_in_a_worker_although_swallowed(qtbot):
    from PySide6.QtWidgets import QLabel
    label = QLabel()
    qtbot.addWidget(label)
    def work():
        try:
            label.setText("x")
        except RuntimeError:
            pass
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()

def test_bad_leftover_window(qapp):
    from PySide6.QtWidgets import QLabel
    kept.append(QLabel())

def test_bad_leftover_timer(qapp):
    from PySide6.QtCore import QTimer
    timer = QTimer()
    timer.start(1000)
    kept.append(timer)

def test_bad_warning_of_qt(qapp):
    from PySide6.QtCore import qWarning
    qWarning("a line of Qt")

def test_bad_python_warning():
    import warnings
    warnings.warn("old", DeprecationWarning)

def test_fine_window(qtbot):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QDialog, QPushButton
    dialog = QDialog()
    button = QPushButton("Hide", dialog)
    qtbot.addWidget(dialog)
    button.clicked.connect(dialog.hide)
    dialog.show()
    QTimer(dialog).start(5)
    button.click()
    assert not dialog.isVisible()

def test_fine_clock(office_clock):
    opening = office_clock.now()
    assert opening.utcoffset() == timedelta(0)
    assert office_clock.advance(days=1, hours=2) - opening == timedelta(days=1, hours=2)
    with pytest.raises(ValueError):
        office_clock.advance(seconds=-1)
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says of the planted suite."""
    folder = tmp_path_factory.mktemp("suite")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "tests" / "guards", folder / "tests" / "guards")
    for name in ("conftest.py", "both_engines.py", "engines.py", "postgresql_server.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests")
    (folder / "tests" / "test_planted.py").write_text(PLANTED, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=line", "-p", "no:cacheprovider"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    ).stdout


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        ("bad_warning_in_the_log", "unexpected WARNING office: the roof leaks"),
        ("bad_announced_and_never_seen", "announced but never logged: roof"),
        ("bad_reaching_out_although_swallowed", "192.0.2.1 port 9"),
        ("bad_looking_up_a_name_although_swallowed", "the name example.org"),
        ("bad_leftover_thread", "Threads outlive the test: lost"),
        ("bad_widget_in_a_worker_although_swallowed", "QLabel.setText in thread"),
        ("bad_leftover_window", "Left behind by the test: window QLabel"),
        ("bad_leftover_timer", "Left behind by the test: timer started at"),
        ("bad_warning_of_qt", "a line of Qt"),
        ("bad_python_warning", "DeprecationWarning: old"),
    ],
)
def test_it_is_caught(outcome: str, test: str, reason: str) -> None:
    ended = [line for line in outcome.splitlines() if f"::test_{test}" in line]
    assert any(line.startswith(("FAILED", "ERROR")) for line in ended), outcome
    assert reason in outcome


def test_nothing_else_is(outcome: str) -> None:
    summary = outcome.splitlines()
    fine = {
        line.split("::test_")[1]
        for line in summary
        if line.startswith("PASSED") and "::test_fine" in line
    }
    assert fine == {f"fine_{name}" for name in (
        "announced_warning", "warning_announced_inside", "loopback_and_outage", "window", "clock",
    )}  # fmt: skip
    assert not [
        line for line in summary if line.startswith(("FAILED", "ERROR")) and "::test_fine" in line
    ]
