"""``python -m sheets_crm.emulator --dir D --port P``."""

import argparse
import errno
import sys
from pathlib import Path

INSTALL = f"{sys.executable} -m pip install '.[emulator]'"
"""A production install leaves these packages out."""


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="sheets_crm.emulator", description="A local Google Sheets API v4 server."
    )
    parser.add_argument("--dir", type=Path, required=True, help="keeps the database and the account files")
    parser.add_argument("--port", type=_port, default=8700, help="port on 127.0.0.1; 0 for any (default: 8700)")
    parser.add_argument("--quota", action="store_true", help="60 reads and 60 writes a minute for each user")
    parser.add_argument("--duplicate-copies-metadata", choices=("yes", "no"), default="no")
    parser.add_argument(
        "--api-key", action="append", default=[], help="a key that reads what is shared with anyone (repeatable)"
    )
    asked = parser.parse_args()
    try:
        from sheets_crm.emulator.folder_lock import FolderServedError  # noqa: PLC0415 - beside the next
        from sheets_crm.emulator.server import serve  # noqa: PLC0415 - its packages may not be installed
    except ModuleNotFoundError as error:
        parser.exit(2, f"The emulator needs the package {error.name}. Run: {INSTALL}\n")
    copies = asked.duplicate_copies_metadata == "yes"
    try:
        serve(asked.dir, asked.port, quota=asked.quota, copy_metadata=copies, keys=asked.api_key)
    except FileExistsError:
        parser.exit(2, f"{asked.dir} is a file. Choose a folder with --dir.\n")
    except FolderServedError as error:
        parser.exit(2, f"{error} Stop that one, or choose another folder with --dir.\n")
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        text = (
            f"Port {asked.port} is in use by another program. Choose another one with --port." if in_use else error
        )
        parser.exit(2, f"{text}\n")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port (allowed: 0 to 65535)")
    return int(text)


if __name__ == "__main__":
    main()
