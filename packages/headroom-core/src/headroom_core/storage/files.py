"""The files of a database on disk: made for the owner alone, and set aside when they are broken."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":  # where an open file can't be renamed anyway
    import fcntl

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700
_BESIDE = ("-wal", "-shm")  # SQLite's own files beside a database; it gives them the mode of the database


def make_private(path: Path) -> None:
    """Make the file, empty, and the folders above it, for the owner alone; what is there gets the owner's mode.

    Raises OSError. The caller sees to it that no thread of this process has the file open while it is new: closing
    a file, as this does, drops the locks that the process holds on it.
    """
    _make_folders(path.parent)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY))
    for each in (path, *(path.with_name(path.name + end) for end in _BESIDE)):
        with contextlib.suppress(OSError):  # not there, or not ours: then its owner decides
            if each.is_file() and each.stat().st_mode & 0o077:
                each.chmod(OWNER_ONLY)


def _make_folders(folder: Path) -> None:
    if folder.exists():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)


def identity(path: Path) -> tuple[int, int] | None:
    """What tells this file from another one that later bears its name; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def set_aside(path: Path, broken: tuple[int, int]) -> Path | None:
    """Give the broken file a new name beside the old one, and say which.

    None when another process has done it already: then the file under `path` isn't the broken one any more.
    Raises OSError.
    """
    with _folder_locked(path.parent):
        if identity(path) != broken:
            return None
        number = 1
        while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
            number += 1
        path.rename(aside)
        for end in _BESIDE:
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
        return aside


@contextlib.contextmanager
def _folder_locked(folder: Path) -> Iterator[None]:
    """One process at a time. The folder is locked and not the file, on which SQLite has locks of its own."""
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
