"""Only one emulator serves a folder: two would each write over what the other answered for."""

import errno
import fcntl
import os
from pathlib import Path

__all__ = ["FolderLock", "FolderServedError"]


class FolderServedError(OSError):
    """Another emulator serves the folder."""

    def __init__(self, folder: Path, process: str) -> None:
        self.folder, self.process = folder, process
        whose = f"process {process}" if process else "another process"
        super().__init__(errno.EBUSY, f"{folder} is served by {whose} already. Nothing was changed.")

    def __str__(self) -> str:
        return str(self.strerror)


class FolderLock:
    """An advisory lock, which a process that ends in any way lets go.

    Args:
        folder: The folder to lock.

    Raises:
        FolderServedError: Another emulator holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._number = os.open(folder / "emulator.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            process = os.read(self._number, 20).decode(errors="replace").strip()
            os.close(self._number)
            raise FolderServedError(folder, process) from error
        os.ftruncate(self._number, 0)
        os.pwrite(self._number, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let the folder go; once more does nothing."""
        if self._number >= 0:
            os.close(self._number)
            self._number = -1
