#!/usr/bin/env python3
"""The one command of a developer. Standard library only; `python3 dev.py help` lists what it does.

It must never pass an index address to pip: where libraries come from is the setting of the machine.
What it says goes to the error stream, so that `dev.py run … --json` prints nothing but JSON.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "dev-stamp.json"
LIBRARIES = ROOT / "requirements-dev.txt"
ON_WINDOWS = sys.platform == "win32"
ON_LINUX = sys.platform.startswith("linux")
PROGRAMS = VENV / ("Scripts" if ON_WINDOWS else "bin")
PYTHON = str(PROGRAMS / ("python.exe" if ON_WINDOWS else "python"))
ME = "py dev.py" if ON_WINDOWS else "python3 dev.py"
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}

# What Qt is linked to, and the Debian package that holds it; a server has none of it.
FOR_QT = """
    libGL.so.1=libgl1 libEGL.so.1=libegl1 libglib-2.0.so.0=libglib2.0-0 libdbus-1.so.3=libdbus-1-3
    libfontconfig.so.1=libfontconfig1 libxkbcommon.so.0=libxkbcommon0 libbrotlidec.so.1=libbrotli1
    libgssapi_krb5.so.2=libgssapi-krb5-2
"""
FOR_A_DISPLAY = """
    libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4
    libxcb-image.so.0=libxcb-image0 libxcb-keysyms.so.1=libxcb-keysyms1
    libxcb-randr.so.0=libxcb-randr0 libxcb-render-util.so.0=libxcb-render-util0
    libxcb-shape.so.0=libxcb-shape0 libxcb-xkb.so.1=libxcb-xkb1 libxcb-util.so.1=libxcb-util1
    libxcb-sync.so.1=libxcb-sync1 libxcb-xfixes.so.0=libxcb-xfixes0 libX11-xcb.so.1=libx11-xcb1
    libxkbcommon-x11.so.0=libxkbcommon-x11-0
"""
FOR_TESTS = "initdb=postgresql"  # the books also live on a server


class Trouble(Exception):
    """Something a person has to put right; the text says what, in sentences."""


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    print(sentence, file=sys.stderr, flush=True)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment without PYTHONOPTIMIZE: the program's assertions guard money."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONOPTIMIZE"}
    return {**inherited, **(extra or {})}


def step(
    command: Sequence[str], extra: Mapping[str, str] | None = None, quiet: bool = False
) -> int:
    """Run a program in the repository's folder; its output goes where our own sentences go."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    done = subprocess.run(command, cwd=ROOT, env=environment(extra), stdout=output, check=False)
    return done.returncode


def must(command: Sequence[str], otherwise: str) -> None:
    """Run a step without which there is no sense in going on."""
    if step(command) != 0:
        raise Trouble(f"{otherwise} The step was: {shlex.join(command)}")


def hand_over(arguments: Sequence[str], extra: Mapping[str, str] | None = None) -> NoReturn:
    """Become the environment's Python; signals, Ctrl+C and the exit code then are the program's own.
    Windows cannot replace a process, so there we wait, and leave Ctrl+C to the program.
    """
    command = [PYTHON, *arguments]
    sys.stdout.flush()
    if not ON_WINDOWS:
        os.execve(command[0], command, environment(extra))
    with subprocess.Popen(command, env=environment(extra)) as program:
        while True:
            try:
                sys.exit(program.wait())
            except KeyboardInterrupt:
                continue


def is_found(library: str) -> bool:
    """Look in the usual folders first, which takes microseconds; then ask the loader."""
    triple = sysconfig.get_config_var("MULTIARCH") or ""
    folders = [f"/usr/lib/{triple}", f"/lib/{triple}", "/usr/lib64", "/usr/lib", "/usr/local/lib"]
    folders += map(str, Path("/usr/lib/postgresql").glob("*/bin"))
    if any(os.path.exists(f"{folder}/{library}") for folder in folders):
        return True
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def words_for_root() -> list[str] | None:
    """The words to put before a command so that it runs as root; None if nobody may here."""
    if os.geteuid() == 0:
        return []
    may_sudo = shutil.which("sudo") and step(["sudo", "-n", "true"]) == 0
    return ["sudo", "-n"] if may_sudo else None


def install_packages(packages: Sequence[str], purpose: str) -> None:
    """Install Debian packages where that is allowed, else name the one command that does it."""
    by_hand = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    as_root = words_for_root()
    if as_root is None:
        raise Trouble(f"{purpose} needs system packages. Please run once: sudo {by_hand}")
    say(f"{purpose} needs system packages; installing {', '.join(packages)}.")
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    # A fresh machine has no package lists yet; an old one has lists that name files long gone.
    if step([*apt, "update"]) != 0:
        say("The package lists could not be brought up to date; trying with those that are here.")
    if step([*apt, "install", "-y", "--no-install-recommends", *packages], quiet=True) != 0:
        raise Trouble(f"The packages could not be installed. Please run once: {by_hand}")


def need_libraries(wanted: str, purpose: str) -> None:
    """See to it that these lie here. Other systems than Debian's relatives are left alone."""
    if not ON_LINUX or shutil.which("apt-get") is None:
        return
    pairs = [pair.split("=") for pair in wanted.split()]
    missing = [package for library, package in pairs if not is_found(library)]
    if missing:
        install_packages(missing, purpose)


def wanted_stamp() -> dict[str, str]:
    """What the environment should be made from now; only what pip reads of pyproject counts."""
    import tomllib  # not yet known to a Python that is too old, which main() has to refuse first

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = [settings["build-system"], settings["project"], settings["tool"]["setuptools"]]
    return {
        "folder": str(VENV),
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "libraries": hashlib.sha256(LIBRARIES.read_bytes()).hexdigest(),
        "project": hashlib.sha256(json.dumps(project).encode()).hexdigest(),
    }


def found_stamp() -> dict[str, str]:
    """What the environment was made from; empty when there is none or it was never finished."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if os.path.exists(PYTHON) and isinstance(found, dict) else {}


@contextmanager
def only_one_set_up() -> Iterator[None]:
    """Hold a lock that the system itself lets go when this process dies."""
    with open(ROOT / ".venv.lock", "w", encoding="utf-8") as lock_file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock_file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            try:
                fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another dev.py is making the environment; waiting for it.")
                fcntl.flock(lock_file, fcntl.LOCK_EX)
        yield


def set_up() -> None:
    """Make the environment, bring it up to date, or find in milliseconds that it is."""
    wanted = wanted_stamp()
    if found_stamp() == wanted:
        return
    with only_one_set_up():
        found = found_stamp()
        if found == wanted:
            return
        if any(found.get(part) != wanted[part] for part in ("folder", "python")):
            make_environment()
            found = {}
        # The stamp goes first and comes last, so that a set-up killed in between is seen.
        STAMP.unlink(missing_ok=True)
        install(with_libraries=found.get("libraries") != wanted["libraries"])
        draft = STAMP.with_suffix(".new")
        draft.write_text(json.dumps(wanted), encoding="utf-8")
        draft.replace(STAMP)


def make_environment() -> None:
    """An empty virtual environment; what is left of an unfinished or foreign one goes away."""
    if find_spec("ensurepip") is None:
        if shutil.which("apt-get") is None:
            raise Trouble("This Python has no ensurepip, so it cannot make an environment.")
        install_packages(["python3-venv", "ca-certificates"], "A virtual environment")
    STAMP.unlink(missing_ok=True)
    if VENV.exists():
        say("The environment in .venv is unfinished, or was made elsewhere; making it anew.")
        shutil.rmtree(VENV)
    say("Making the environment in .venv.")
    must([sys.executable, "-m", "venv", str(VENV)], "The environment could not be made.")


def install(*, with_libraries: bool) -> None:
    """Exactly the locked versions, each checked against its hash; then this repository itself."""
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]
    quietly = [] if sys.stderr.isatty() else ["-qq"]
    if with_libraries:
        say("Installing the locked libraries; the first time about 200 MB are fetched.")
        must(
            [*pip, *quietly, "--require-hashes", "-r", str(LIBRARIES)],
            "The libraries could not be installed; pip says why. The same command tries again.",
        )
    must(
        [*pip, "-qq", "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
        "The program itself could not be installed into .venv.",
    )


def set_up_for_qt() -> None:
    """What every command needs that may load Qt."""
    set_up()
    need_libraries(FOR_QT, "Qt")


def demo(arguments: list[str]) -> int:
    """The practice office: window and simulated Safaricom; without a display the guided tour."""
    set_up_for_qt()
    os.chdir(ROOT)
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    is_headless = "--headless" in arguments or (ON_LINUX and not has_display)
    if not is_headless:
        try:
            need_libraries(FOR_A_DISPLAY, "A window")
        except Trouble as trouble:
            say(f"{trouble} Until then the guided tour runs without a window.")
            is_headless = True
    rest = [argument for argument in arguments if argument != "--headless"]
    if is_headless:
        hand_over(["-m", "sacco_desktop", "demo", "--headless", *rest], OFFSCREEN)
    hand_over(["-m", "sacco_desktop", "demo", *rest])


def test(arguments: list[str]) -> int:
    """All tests in a process more than there are cores, as many wait; any argument of pytest may follow."""
    set_up_for_qt()
    need_libraries(FOR_TESTS, "The tests")
    os.chdir(ROOT)
    spread = ["-n", str((os.cpu_count() or 2) + 1), "--dist", "worksteal"]
    hand_over(["-m", "pytest", *(arguments or spread)])


def check(_arguments: list[str]) -> int:
    """Format, lint, types and layers; every check runs, then the failures are named."""
    set_up()
    folders = ("sacco_desktop", "callback_relay", "tests", "bench")
    typed = [folder for folder in folders if any((ROOT / folder).rglob("*.py"))]
    checks = {
        "format": [str(PROGRAMS / "ruff"), "format", "--check", "--quiet", "."],
        "lint": [str(PROGRAMS / "ruff"), "check", "--quiet", "."],
        "types": [PYTHON, "-m", "mypy", "--no-error-summary", "dev.py", *typed],
        "layers": [str(PROGRAMS / "lint-imports"), "--no-logo"],
    }
    failed = [name for name, command in checks.items() if not passes(name, command)]
    if failed:
        say(f"{len(failed)} of {len(checks)} checks failed: {', '.join(failed)}.")
    return 1 if failed else 0


def passes(name: str, command: Sequence[str]) -> bool:
    """Run one check and show what it says only if it has something to say."""
    answer = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, encoding="utf-8", check=False
    )
    say(f"{name}: {'passed' if answer.returncode == 0 else 'FAILED'}")
    if answer.returncode != 0:
        print(answer.stdout + answer.stderr, flush=True)
    return answer.returncode == 0


def run(arguments: list[str]) -> int:
    """The desktop's own command line: `dev.py run verify`, `dev.py run --help`."""
    set_up_for_qt()
    hand_over(["-m", "sacco_desktop", *arguments])


def relay(arguments: list[str]) -> int:
    """The relay's own command line: `dev.py relay --help`."""
    set_up()
    hand_over(["-m", "callback_relay", *arguments])


def bench(arguments: list[str]) -> int:
    """Measure: `dev.py bench NAME` runs bench/NAME.py; without a name all of them run."""
    names = sorted(path.stem for path in (ROOT / "bench").glob("[!_]*.py"))
    if arguments and arguments[0] not in names:
        raise Trouble(f"There is no bench/{arguments[0]}.py, only: {', '.join(names) or 'none'}.")
    set_up_for_qt()
    os.chdir(ROOT)
    if arguments:
        hand_over(["-m", f"bench.{arguments[0]}", *arguments[1:]], OFFSCREEN)
    say(f"Measuring {', '.join(names) or 'nothing: bench/ is empty'}.")
    return max([step([PYTHON, "-m", f"bench.{name}"], OFFSCREEN) for name in names], default=0)


def faults(arguments: list[str]) -> int:
    """Long campaigns of crashes and lost messages: `dev.py faults [NAME] [--seeds N]`."""
    set_up_for_qt()
    os.chdir(ROOT)
    hand_over(["-m", "tests.faults", *arguments], OFFSCREEN)


def screens(arguments: list[str]) -> int:
    """Draw every page, with the practice office's data, into out/screens."""
    set_up_for_qt()
    os.chdir(ROOT)
    hand_over(["-m", "sacco_desktop.demo.screens", *arguments], OFFSCREEN)


def build(arguments: list[str]) -> int:
    """The program as a folder for this system (PyInstaller); `--prove` then runs it in a new home."""
    set_up_for_qt()
    if ON_LINUX and shutil.which("apt-get"):
        # Debian's own Python is linked statically, but PyInstaller packs the shared library.
        shared = f"libpython{sys.version_info[0]}.{sys.version_info[1]}"
        missing = [] if sys.base_prefix != "/usr" or is_found(f"{shared}.so.1.0") else [shared]
        if missing or not shutil.which("objdump"):
            install_packages(["binutils", *missing], "PyInstaller")
    packing = ["--noconfirm", "--log-level=WARN", *filter("--prove".__ne__, arguments)]
    must([PYTHON, "-m", "PyInstaller", *packing, "build.spec"], "The program could not be built.")
    folder = ROOT / "dist" / "sacco-desktop"
    size = sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_symlink())
    say(f"Built: {folder} ({size / 1e6:.0f} MB). It starts by the program sacco-desktop in it.")
    if "--prove" in arguments:
        need_libraries(FOR_TESTS, "The proof")
        return step([PYTHON, "-m", "tests.build_proof", str(folder)])
    return 0


def lock(arguments: list[str]) -> int:
    """Choose the libraries' versions anew (needs uv): `dev.py lock [--upgrade]`."""
    if shutil.which("uv") is None:
        raise Trouble("Locking needs uv, which only this command uses. Install it: pip install uv")
    must(["uv", "lock", *arguments], "The versions could not be resolved.")
    export = ["uv", "export", "-q", "--format", "requirements.txt", "--no-annotate", "--no-header"]
    export += ["--no-emit-project"]
    must([*export, "--no-dev", "-o", "requirements.txt"], "The lock file could not be written.")
    must([*export, "--all-groups", "-o", LIBRARIES.name], "The lock file could not be written.")
    return 0


COMMANDS = (demo, test, check, run, relay, bench, faults, screens, build, lock)


def main(arguments: list[str]) -> int:
    """Find the command; whatever a person has to put right ends with one sentence and code 2."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        say(f"Python 3.11, 3.12 or 3.13 is needed; this is {sys.version.split()[0]}.")
        return 2
    commands = {command.__name__: command for command in COMMANDS}
    name = arguments[0] if arguments else "help"
    if name in {"help", "-h", "--help"}:
        print(f"{ME} COMMAND …   (the first time it makes the environment by itself)\n")
        for command in COMMANDS:
            print(f"  {command.__name__:8} {command.__doc__}")
        return 0
    if name not in commands:
        say(f"There is no command {name}. `{ME} help` lists them.")
        return 2
    try:
        return commands[name](arguments[1:])
    except Trouble as trouble:
        say(str(trouble))
        return 2
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
