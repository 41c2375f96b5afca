"""``python -m sheets_crm.emulator --dir D --port P``."""

import argparse
from pathlib import Path

from sheets_crm.emulator.server import serve


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="sheets_crm.emulator", description="A local Google Sheets API v4 server."
    )
    parser.add_argument("--dir", type=Path, required=True, help="keeps the database and the account files")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 for any")
    parser.add_argument("--quota", action="store_true", help="60 reads and 60 writes a minute for each user")
    parser.add_argument("--duplicate-copies-metadata", choices=("yes", "no"), default="no")
    asked = parser.parse_args()
    copies = asked.duplicate_copies_metadata == "yes"
    serve(asked.dir, asked.port, quota=asked.quota, copy_metadata=copies)


if __name__ == "__main__":
    main()
