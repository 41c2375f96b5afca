"""``python -m sheets_crm.stand_ins [--dir D] [--port P]``."""

import argparse
import contextlib
import errno
import signal
import sys
from pathlib import Path

INSTALL = f"{sys.executable} -m pip install '.[emulator]'"
"""A production install leaves these packages out."""


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="sheets_crm.stand_ins", description="Local stand-ins of Instantly API v2 and Slack webhooks."
    )
    parser.add_argument(
        "--dir", type=Path, help="keeps their data, keys and stand_ins.toml (default: nothing is kept)"
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any that is free)")
    asked = parser.parse_args()
    if asked.port not in range(65_536):
        parser.exit(2, f"{asked.port} is no port (allowed: 0 to 65535)\n")
    try:
        from sheets_crm.stand_ins.clock import WrongTimeError  # noqa: PLC0415 - beside the next
        from sheets_crm.stand_ins.server import run  # noqa: PLC0415 - its packages may not be installed
    except ModuleNotFoundError as error:
        parser.exit(2, f"The stand-ins need the package {error.name}. Run: {INSTALL}\n")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            run(asked.dir, asked.port)
    except WrongTimeError as error:
        parser.exit(2, f"SHEETS_CRM_NOW: {error}\n")
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        text = (
            f"Port {asked.port} is in use by another program. Choose another one with --port." if in_use else error
        )
        parser.exit(2, f"{text}\n")


if __name__ == "__main__":
    main()
