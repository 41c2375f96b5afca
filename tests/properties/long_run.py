"""Many histories, and the counts of what was done to them: ``python -m tests.properties.long_run --histories 1000``.

Each history is made by its seed alone: ``--seed 7 --only 123`` plays number 123 of seed 7 again and prints its trace.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]
sys.path.append(str(HERE.parent / "two_way"))

import pytest  # noqa: E402 - the paths come first
from diary import registered, with_table  # noqa: E402
from history import History, play  # noqa: E402
from scene import Place, Places, disk_boundaries  # noqa: E402
from workbench import no_waiting_for_disks, one_key  # noqa: E402

STAGES = ("imported", "sent", "verified", "scraped", "boxed", "contacted")


def opened(places: Places, stage: str, number: int, *, table: bool) -> Place:
    """The workbook of a history: every second one has a two-way table."""
    return places.after(stage, with_table) if table or number % 2 else places.at(stage)


def one(places: Places, seed: int, number: int, *, table: bool) -> tuple[History, BaseException | None]:
    """Play one history; give it with what broke."""
    random = Random(f"{seed}:{number}")
    place = opened(places, random.choice(STAGES), number, table=table)
    history = History(place, random, calm=random.random() < 0.2)
    try:
        play(history, random.randint(8, 40))
    except Exception as error:  # noqa: BLE001 - counted and printed
        return history, error
    finally:
        history.close()
    return history, None


def main() -> int:
    """Play the histories that were asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument(
        "--two-way", action="store_true", help="every workbook has a two-way table, not every second"
    )
    asked = parser.parse_args()
    logging.getLogger("sheets_crm").addHandler(logging.NullHandler())  # what is damaged here is damaged on purpose
    numbers = range(asked.first, asked.first + asked.histories) if asked.only is None else [asked.only]
    counts: Counter[str] = Counter()
    broken = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patch:
        registered(patch)
        one_key(patch)
        no_waiting_for_disks(patch)
        disk_boundaries(patch)
        places = Places(Path(directory))
        for number in numbers:
            history, error = one(places, asked.seed, number, table=asked.two_way)
            counts.update(history.counts)
            counts["histories"] += 1
            counts["histories compared with a serial run"] += history.calm
            if error is not None or asked.only is not None:
                print(f"seed {asked.seed} history {number}: {error}", *history.trace, sep="\n  ", flush=True)
            if error is not None:
                broken.append(number)
            if counts["histories"] % 100 == 0:
                said = f"{counts['histories']} histories, {len(broken)} broken, {time.monotonic() - started:.0f} s"
                print(said, flush=True)
        places.close()
    for name, count in sorted(counts.items()):
        print(f"{count:8}  {name}")
    print(f"{len(broken)} broken: {broken}; {time.monotonic() - started:.0f} s")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
