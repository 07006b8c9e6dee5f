"""The sandbox of the smoke test: an empty home, a clean environment, no network; finds what a program leaves there."""

from __future__ import annotations

import contextlib
import csv
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".exe" if os.name == "nt" else ""
_GRACE = 5.0  # seconds for child processes to end after the program
_NO_FILES = ("proc", "sys", "dev")  # folders of a root without ordinary files
_USER_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "linux": (".config/qadesk", ".local/share/qadesk", ".local/state/qadesk"),
    "darwin": ("Library/Application Support/qadesk", "Library/Logs/qadesk"),
    "win32": ("QADesk",),  # by QADESK_HOME: on Windows the user folders do not depend on the environment
}
_OFFLINE_COMMANDS = (("unshare", "--net"), ("unshare", "--map-current-user", "--net"))
_NETWORK_TEST = f"""
import socket, sys
try:
    socket.create_connection(("192.0.2.1", 9), 2).close()
except OSError as error:
    sys.exit(error.errno != {errno.ENETUNREACH})
sys.exit(1)
"""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a run: exit code (None if it took too long), output, time, and processes that still run."""

    code: int | None
    out: str
    err: str
    seconds: float
    remaining_processes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of a user: home, temporary files, working directory, and one for the reports of the test.

    They are paths of this machine; ``Sandbox.inside`` makes those of the program.
    """

    home: Path
    tmp: Path
    cwd: Path
    reports: Path


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Runs the programs in ``folder``; with ``root`` by chroot in it, as ``user``. Paths are those of this machine.

    ``work`` is a folder for the test. ``offline_command`` runs a command without network, empty if that is impossible.
    """

    folder: Path
    work: Path
    root: Path | None = None
    user: str = ""
    offline_command: tuple[str, ...] = ()

    def inside(self, path: Path) -> str:
        """``path`` as the program sees it."""
        return "/" + path.relative_to(self.root).as_posix() if self.root else str(path)

    def outside(self, path: str) -> Path:
        """The path on this machine of the program's ``path``."""
        return self.root / path.lstrip("/") if self.root else Path(path)

    def program(self, name: str) -> Path:
        """The file of the program ``name``: links are followed inside the root."""
        path = self.folder / (name + SUFFIX)
        while path.is_symlink():
            link = path.readlink()
            path = self.outside(str(link)) if link.is_absolute() else Path(os.path.normpath(path.parent / link))
        return path

    @property
    def installed(self) -> Path:
        """The folder that no run may change: the root, or the one with the program and its files."""
        if self.root and self.root != Path("/"):
            return self.root
        folder = self.program("qadesk").parent
        return folder.parent if folder.name == "MacOS" else folder

    def make_home(self, name: str) -> Home:
        """Create empty folders for a new user."""
        home = Home(*(self.work / name / part for part in ("home", "tmp", "cwd", "reports")))
        for folder in (self.work / name / "no-programs", home.home, home.tmp, home.cwd, home.reports):
            folder.mkdir(parents=True)
        self._give_to_user(self.work / name)
        return home

    def _give_to_user(self, folder: Path) -> None:
        if self.root:
            ids = _user_ids(self.root, self.user)
            for path in (folder, *folder.iterdir()):
                os.chown(path, *ids)

    def environment(self, home: Home) -> dict[str, str]:
        """The whole environment of the program: its folders, a locale, and the display."""
        variables = {"PATH": self.inside(home.home.with_name("no-programs")), "LANG": "C.UTF-8"}
        folders = {"HOME": home.home, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), home.tmp)}
        if sys.platform == "win32":
            folders |= {"USERPROFILE": home.home, "APPDATA": home.home, "LOCALAPPDATA": home.home}
            folders |= {"QADESK_HOME": home.home / "QADesk"}
            variables |= {name: os.environ[name] for name in ("SYSTEMROOT", "WINDIR") if name in os.environ}
        variables |= {name: self.inside(path) for name, path in folders.items()}
        if sys.platform == "linux":
            variables |= self._display()
        return variables

    def _display(self) -> dict[str, str]:
        names = ("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
        variables = {name: os.environ[name] for name in names if name in os.environ}
        has_display = not self.root and ("DISPLAY" in variables or "WAYLAND_DISPLAY" in variables)
        return variables if has_display else {"QT_QPA_PLATFORM": "offscreen"}

    def run(self, home: Home, name: str, *arguments: str, seconds: float = 120.0) -> Result:
        """Run the program ``name`` as the user of ``home`` for at most ``seconds``; end processes that it leaves."""
        environment = self.environment(home)
        command = [self.inside(self.folder / (name + SUFFIX)), *arguments]
        if self.root:
            variables = [f"{key}={value}" for key, value in environment.items()]
            inner = ["/usr/bin/env", "-i", "-C", self.inside(home.cwd), *variables]
            command = [_tool("chroot"), f"--userspec={self.user}", str(self.root), *inner, *command]
        if self.offline_command:
            command = [_tool(self.offline_command[0]), *self.offline_command[1:], *command]
        before = _windows_processes()
        out, err = home.reports / "out.txt", home.reports / "err.txt"
        start = time.monotonic()
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=environment,
                cwd=home.cwd,
                start_new_session=os.name == "posix",
            )
            code = _wait(process, seconds)
        duration = time.monotonic() - start
        processes = _remaining_processes(process.pid, f"HOME={environment['HOME']}", before)
        return Result(code, _text(out), _text(err), duration, processes)


@contextlib.contextmanager
def sandbox(folder: Path, root: Path | None, user: str) -> Iterator[Sandbox]:
    """A sandbox for the programs in ``folder``, a folder inside ``root`` if that is given. It is deleted at the end."""
    absolute = root / str(folder).lstrip("/") if root else folder.absolute()
    work = Path(tempfile.mkdtemp(prefix="qadesk-smoke-", dir=root / "tmp" if root else None)).resolve()
    work.chmod(0o755)
    try:
        yield Sandbox(absolute, work, root, user, _offline_command())
    finally:
        shutil.rmtree(work)


def _offline_command() -> tuple[str, ...]:
    """The command that runs another without network and works here; empty if none does."""
    for command in _OFFLINE_COMMANDS if sys.platform == "linux" else ():
        test = subprocess.run([*command, sys.executable, "-c", _NETWORK_TEST], capture_output=True, check=False)
        if test.returncode == 0:
            return command
    return ()


def _tool(name: str) -> str:
    path = shutil.which(name)
    if not path:
        raise SystemExit(f"There is no '{name}' on this machine.")
    return path


def _user_ids(root: Path, user: str) -> tuple[int, int]:
    """The user id and group id of ``user`` in ``root``."""
    for line in (root / "etc/passwd").read_text(encoding="utf-8").splitlines():
        name, _, uid, gid, *_ = line.split(":")
        if name == user:
            return int(uid), int(gid)
    raise SystemExit(f"There is no user '{user}' in {root}.")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


# Processes


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        return None


def _remaining_processes(session: int, marker: str, before: Mapping[int, str]) -> tuple[str, ...]:
    """The processes of a program that still run in ``session`` (on macOS: process group). They are killed.

    On Linux processes with ``marker`` in their environment count too, even in another session; on Windows every QADesk
    process that did not run ``before``.
    """
    deadline = time.monotonic() + _GRACE
    while True:
        processes = _processes(session, marker, before)
        if not processes or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    for pid in processes:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    return tuple(f"{pid}: {command}" for pid, command in processes.items())


def _processes(session: int, marker: str, before: Mapping[int, str]) -> dict[int, str]:
    if sys.platform == "linux":
        return _linux_processes(session, marker.encode())
    if sys.platform == "win32":
        return {pid: name for pid, name in _windows_processes().items() if pid not in before}
    rows = subprocess.run(["/bin/ps", "-axo", "pid=,pgid=,command="], capture_output=True, text=True, check=True)
    fields = (line.split(None, 2) for line in rows.stdout.splitlines())
    return {int(pid): command for pid, group, command in fields if int(group) == session}


def _linux_processes(session: int, marker: bytes) -> dict[int, str]:
    processes = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with contextlib.suppress(OSError):  # it has ended, or is another user's
            state, _parent, _group, own_session, *_ = (
                (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            )
            is_ours = int(own_session) == session or marker in (folder / "environ").read_bytes().split(b"\0")
            if is_ours and state not in "ZX":
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                processes[int(folder.name)] = command.decode(errors="replace")
    return processes


def _windows_processes() -> dict[int, str]:
    if sys.platform != "win32":
        return {}
    command = [_tool("tasklist"), "/FO", "CSV", "/NH", "/FI", "IMAGENAME eq qadesk*"]
    rows = csv.reader(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())
    return {int(row[1]): row[0] for row in rows if len(row) > 1}


# Files

Snapshot = Mapping[str, tuple[int, ...]]


def snapshot(folder: Path, without: Sequence[Path] = ()) -> Snapshot:
    """Mode, size and modification time of the files below ``folder``, except those of ``without`` and of the kernel."""
    skipped = {*without, *(folder / name for name in _NO_FILES)}
    statuses: dict[str, tuple[int, ...]] = {}
    for parent, folders, files in os.walk(folder):
        current = Path(parent)
        folders[:] = [name for name in folders if current / name not in skipped]
        statuses[str(current)] = (current.lstat().st_mode,)
        for name in files:
            status = (current / name).lstat()
            statuses[str(current / name)] = (status.st_mode, status.st_size, status.st_mtime_ns)
    return statuses


def changed_files(before: Snapshot, after: Snapshot) -> list[str]:
    """The files that are new, gone or changed."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def stray_files(home: Home) -> list[Path]:
    """The files and empty folders in ``home`` outside the user folders of QADesk."""
    own = [home.home / name for name in _USER_FOLDERS[sys.platform]]
    files = (path for path in home.home.rglob("*") if not path.is_dir() or not any(path.iterdir()))
    return sorted(path for path in files if not any(path.is_relative_to(folder) for folder in own))


def log_problems(home: Home) -> list[str]:
    """The warnings and errors in the logs of ``home``, its crash reports, and crashes in native code."""
    problems = []
    for path in sorted(home.home.rglob("qadesk.log*")):
        lines = _text(path).splitlines()
        problems += [
            f"{path.name}: {line}" for line in lines if {"WARNING", "ERROR", "CRITICAL"} & set(line.split()[2:3])
        ]
    for path in sorted(home.home.rglob("*crash-*.txt")):
        problems.append(f"{path.name}: {_text(path)[-500:]}")
    for path in sorted(home.home.rglob("fault.txt")):
        problems += [f"{path.name}: {line}" for line in _text(path).splitlines()[:1]]
    return problems
