"""Where the smoke test runs the program: an empty home, a clean environment, no network; and what it leaves there."""

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
_GRACE = 5.0  # seconds that a child may take to end after its parent
_NO_FILES = ("proc", "sys", "dev")  # folders of a root that hold none
_USER_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "linux": (".config/qadesk", ".local/share/qadesk", ".local/state/qadesk"),
    "darwin": ("Library/Application Support/qadesk", "Library/Logs/qadesk"),
    "win32": ("QADesk",),  # as QADESK_HOME says: Windows tells a program its user folders whatever the environment says
}
_CUTS = (("unshare", "--net"), ("unshare", "--map-current-user", "--net"))
_REACH = f"""
import socket, sys
try:
    socket.create_connection(("192.0.2.1", 9), 2).close()
except OSError as error:
    sys.exit(error.errno != {errno.ENETUNREACH})
sys.exit(1)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (None: it took too long), what it wrote, and the processes that it left."""

    code: int | None
    out: str
    err: str
    seconds: float
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """A user's own folders: ``home``, temporary files, the folder that programs are started in, and ours for reports.

    Paths as they are on this machine; ``Place.inside`` gives them as the program knows them.
    """

    home: Path
    tmp: Path
    cwd: Path
    reports: Path


@dataclass(frozen=True, slots=True)
class Place:
    """``folder`` holds the programs. With a ``root`` they run in it, by chroot, as ``user``; paths are this machine's.

    ``work`` is ours. ``cut`` is the command that takes the network away, empty where there is none.
    """

    folder: Path
    work: Path
    root: Path | None = None
    user: str = ""
    cut: tuple[str, ...] = ()

    def inside(self, path: Path) -> str:
        """``path`` as the program knows it."""
        return "/" + path.relative_to(self.root).as_posix() if self.root else str(path)

    def outside(self, path: str) -> Path:
        """Where the program's ``path`` is on this machine."""
        return self.root / path.lstrip("/") if self.root else Path(path)

    def program(self, name: str) -> Path:
        """The program ``name`` where it really lies: in ``folder`` there may be a link to it."""
        path = self.folder / (name + SUFFIX)
        while path.is_symlink():
            link = path.readlink()
            path = self.outside(str(link)) if link.is_absolute() else Path(os.path.normpath(path.parent / link))
        return path

    @property
    def installed(self) -> Path:
        """The folder that nothing may change: the root, or the one with the program and all that belongs to it."""
        if self.root and self.root != Path("/"):
            return self.root
        lies = self.program("qadesk").parent
        return lies.parent if lies.name == "MacOS" else lies

    def make_home(self, name: str) -> Home:
        """Empty folders of a new user."""
        made = Home(*(self.work / name / each for each in ("home", "tmp", "cwd", "reports")))
        for folder in (self.work / name / "no-programs", made.home, made.tmp, made.cwd, made.reports):
            folder.mkdir(parents=True)
        self._hand_over(self.work / name)
        return made

    def _hand_over(self, folder: Path) -> None:
        if self.root:
            numbers = _numbers(self.root, self.user)
            for each in (folder, *folder.iterdir()):
                os.chown(each, *numbers)

    def environment(self, home: Home) -> dict[str, str]:
        """All that the program is told: its folders, a language, and where it can show a window."""
        told = {"PATH": self.inside(home.home.with_name("no-programs")), "LANG": "C.UTF-8"}
        own = {"HOME": home.home, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), home.tmp)}
        if sys.platform == "win32":
            own |= {"USERPROFILE": home.home, "APPDATA": home.home, "LOCALAPPDATA": home.home}
            own |= {"QADESK_HOME": home.home / "QADesk"}
            told |= {name: os.environ[name] for name in ("SYSTEMROOT", "WINDIR") if name in os.environ}
        told |= {name: self.inside(path) for name, path in own.items()}
        if sys.platform == "linux":
            told |= self._screen()
        return told

    def _screen(self) -> dict[str, str]:
        names = ("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
        found = {name: os.environ[name] for name in names if name in os.environ}
        has_one = not self.root and ("DISPLAY" in found or "WAYLAND_DISPLAY" in found)
        return found if has_one else {"QT_QPA_PLATFORM": "offscreen"}

    def run(self, home: Home, name: str, *arguments: str, seconds: float = 120.0) -> Ended:
        """Run the program ``name`` as the user of ``home`` for at most ``seconds``, and see what it leaves."""
        environment = self.environment(home)
        command = [self.inside(self.folder / (name + SUFFIX)), *arguments]
        if self.root:
            told = [f"{key}={value}" for key, value in environment.items()]
            inner = ["/usr/bin/env", "-i", "-C", self.inside(home.cwd), *told]
            command = [_tool("chroot"), f"--userspec={self.user}", str(self.root), *inner, *command]
        if self.cut:
            command = [_tool(self.cut[0]), *self.cut[1:], *command]
        before = _windows_processes()
        out, err = home.reports / "out.txt", home.reports / "err.txt"
        began = time.monotonic()
        with out.open("wb") as said, err.open("wb") as complained:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=complained,
                env=environment,
                cwd=home.cwd,
                start_new_session=os.name == "posix",
            )
            code = _wait(process, seconds)
        took = time.monotonic() - began
        left = _left(process.pid, f"HOME={environment['HOME']}", before)
        return Ended(code, _text(out), _text(err), took, left)


@contextlib.contextmanager
def place(folder: Path, root: Path | None, user: str) -> Iterator[Place]:
    """A place to run the programs in ``folder``; ``folder`` is inside ``root`` where there is one. Gone afterwards."""
    lies = root / str(folder).lstrip("/") if root else folder.absolute()
    work = Path(tempfile.mkdtemp(prefix="qadesk-smoke-", dir=root / "tmp" if root else None)).resolve()
    work.chmod(0o755)
    try:
        yield Place(lies, work, root, user, _cut())
    finally:
        shutil.rmtree(work)


def _cut() -> tuple[str, ...]:
    """The command that takes the network away, tried; nothing where it cannot be taken."""
    for each in _CUTS if sys.platform == "linux" else ():
        tried = subprocess.run([*each, sys.executable, "-c", _REACH], capture_output=True, check=False)
        if tried.returncode == 0:
            return each
    return ()


def _tool(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise SystemExit(f"There is no '{name}' on this machine.")
    return found


def _numbers(root: Path, user: str) -> tuple[int, int]:
    """The numbers of ``user`` and the group in ``root``."""
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


def _left(session: int, marker: str, before: Mapping[int, str]) -> tuple[str, ...]:
    """What still runs of a program whose session (on macOS: group) is ``session``; it is ended then.

    On Linux a process whose environment has ``marker`` counts too, whatever session it made for itself; on Windows
    every QADesk that did not run ``before``.
    """
    deadline = time.monotonic() + _GRACE
    while True:
        found = _processes(session, marker, before)
        if not found or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    for pid in found:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    return tuple(f"{pid}: {words}" for pid, words in found.items())


def _processes(session: int, marker: str, before: Mapping[int, str]) -> dict[int, str]:
    if sys.platform == "linux":
        return _linux_processes(session, marker.encode())
    if sys.platform == "win32":
        return {pid: name for pid, name in _windows_processes().items() if pid not in before}
    rows = subprocess.run(["/bin/ps", "-axo", "pid=,pgid=,command="], capture_output=True, text=True, check=True)
    split = (line.split(None, 2) for line in rows.stdout.splitlines())
    return {int(pid): words for pid, group, words in split if int(group) == session}


def _linux_processes(session: int, marker: bytes) -> dict[int, str]:
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with contextlib.suppress(OSError):  # it ended meanwhile, or is another user's
            state, _parent, _group, its, *_ = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            is_ours = int(its) == session or marker in (folder / "environ").read_bytes().split(b"\0")
            if is_ours and state not in "ZX":
                found[int(folder.name)] = (
                    (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
    return found


def _windows_processes() -> dict[int, str]:
    if sys.platform != "win32":
        return {}
    command = [_tool("tasklist"), "/FO", "CSV", "/NH", "/FI", "IMAGENAME eq qadesk*"]
    rows = csv.reader(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())
    return {int(row[1]): row[0] for row in rows if len(row) > 1}


# Files

Snapshot = Mapping[str, tuple[int, ...]]


def snapshot(folder: Path, without: Sequence[Path] = ()) -> Snapshot:
    """Every file below ``folder``: mode, size and time of change. Nothing of ``without``, and no system's files."""
    skipped = {*without, *(folder / name for name in _NO_FILES)}
    found: dict[str, tuple[int, ...]] = {}
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        folders[:] = [name for name in folders if here / name not in skipped]
        found[str(here)] = (here.lstat().st_mode,)
        for name in files:
            about = (here / name).lstat()
            found[str(here / name)] = (about.st_mode, about.st_size, about.st_mtime_ns)
    return found


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    """The files that came, went or are not as they were."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def strays(home: Home) -> list[Path]:
    """What lies in ``home`` beside the user folders of QADesk."""
    own = [home.home / each for each in _USER_FOLDERS[sys.platform]]
    files = (path for path in home.home.rglob("*") if not path.is_dir() or not any(path.iterdir()))
    return sorted(path for path in files if not any(path.is_relative_to(each) for each in own))


def complaints(home: Home) -> list[str]:
    """Warnings and errors in the logs of ``home``, its crash reports, and faults in native code."""
    found = []
    for path in sorted(home.home.rglob("qadesk.log*")):
        lines = _text(path).splitlines()
        found += [f"{path.name}: {line}" for line in lines if {"WARNING", "ERROR", "CRITICAL"} & set(line.split()[2:3])]
    for path in sorted(home.home.rglob("*crash-*.txt")):
        found.append(f"{path.name}: {_text(path)[-500:]}")
    for path in sorted(home.home.rglob("fault.txt")):
        found += [f"{path.name}: {line}" for line in _text(path).splitlines()[:1]]
    return found
