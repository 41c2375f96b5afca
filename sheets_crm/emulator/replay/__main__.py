"""``python -m sheets_crm.emulator.replay FILE…``."""

import argparse
import logging
import sys
from pathlib import Path

from sheets_crm.emulator.replay import DeclarationError, Declarations, Outcome, Recording, RecordingError, replay
from sheets_crm.emulator.replay.declared import as_toml


def main() -> int:
    """Read the command line and replay; the result is the exit status: 0 equal or declared, 1 not, 2 no recording."""
    parser = argparse.ArgumentParser(
        prog="sheets_crm.emulator.replay",
        description="Replays recordings of Google's answers (doctor --probe --save FILE) against the emulator.",
    )
    parser.add_argument(
        "recording", type=Path, nargs="+", help="a file of the form that docs/emulator.md describes"
    )
    parser.add_argument(
        "--declare", action="store_true", help="print the differences as NAME.differences.toml has them"
    )
    asked = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)  # formulas that the emulator refuses are differences, and said there
    try:
        return max(_one(path, declare=asked.declare) for path in asked.recording)
    except (RecordingError, DeclarationError, OSError) as error:
        parser.exit(2, f"{error}\n")


def _one(path: Path, *, declare: bool) -> int:
    outcome = replay(Recording.read(path))
    if declare:
        print(as_toml(outcome.differences))
        return 0
    return _report(path, outcome, Declarations.beside(path))


def _report(path: Path, outcome: Outcome, declared: Declarations) -> int:
    undeclared = declared.undeclared(outcome.differences)
    outlived = declared.outlived(outcome.differences)
    for one in undeclared:
        print(one)
    for item in outlived:
        print(f"declared, but answered as recorded now: {item.probe}, {item.path} ({item.reason})")
    declared_ones = len(outcome.differences) - len(undeclared)
    print(
        f"{path}: {outcome.equal} of {outcome.requests} requests answered as recorded; {len(undeclared)} differences, "
        f"{declared_ones} more that are declared; {outcome.left_out} requests left out"
    )
    return 1 if undeclared or outlived else 0


if __name__ == "__main__":
    sys.exit(main())
