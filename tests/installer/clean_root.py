"""A Debian base system in a folder, where a dependency that a package lacks shows."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import facts

CACHE = facts.ROOT / "build" / "clean-root"
USER = "ada"
OLDER = "0.0.1"
GONE = "usr/lib/qadesk/_internal/only-in-the-older-version"
_ENVIRONMENT = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
_IN_ROOT = (
    'mount -t proc proc "$1/proc" && root="$1" && user="$2" && shift 2 && exec chroot --userspec="$user" "$root" "$@"'
)


@dataclass(frozen=True, slots=True)
class CleanRoot:
    """The system in ``folder``."""

    folder: Path

    def run(self, *command: str, user: str = "root", fails: bool = False) -> str:
        """What ``command`` prints, run inside as ``user``. It must succeed, unless it ``fails``.

        ``/proc`` is there as long as the command runs, and no longer: nothing is left mounted.
        """
        home = "/root" if user == "root" else f"/home/{user}"
        inside = [*_ENVIRONMENT, f"HOME={home}", f"USER={user}", *command]
        outside = ["unshare", "--mount", "sh", "-c", _IN_ROOT, "sh", str(self.folder), user, *inside]
        process = subprocess.run(outside, capture_output=True, text=True, check=False)
        assert (process.returncode != 0) == fails, (
            f"{' '.join(command)}: {process.returncode}\n{process.stdout}{process.stderr}"
        )
        return process.stdout

    def add_user(self, name: str) -> None:
        """A user without rights, with an empty home."""
        self.run("useradd", "--create-home", name)

    def files(self, below: str = "") -> set[str]:
        """The paths of everything in the system, or ``below`` a folder of it, without the kernel's own."""
        paths = (str(path.relative_to(self.folder)) for path in (self.folder / below).rglob("*"))
        return {path for path in paths if not path.startswith(("proc/", "sys/", "dev/"))}


def unpack(folder: Path, release: str) -> CleanRoot:
    """Unpack the base of Debian's ``release`` into ``folder``; the first time it is fetched, and kept in build/.

    Its list of packages is of today: Debian replaces what is old on its servers.
    """
    archive = CACHE / f"{release}.tar"
    if not archive.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fetched_root, packed_archive = folder / "fetched", archive.with_suffix(".part")
        for command in (
            ["debootstrap", "--variant=minbase", release, str(fetched_root)],
            ["tar", "--create", "--file", str(packed_archive), "--directory", str(fetched_root), "."],
            ["rm", "--recursive", "--one-file-system", str(fetched_root)],
        ):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        packed_archive.replace(archive)
    root = folder / "root"
    root.mkdir()
    subprocess.run(["tar", "--extract", "--file", str(archive), "--directory", str(root)], check=True)
    root_folder = CleanRoot(root)
    root_folder.run("apt-get", "update", "--quiet")
    return root_folder
