"""The tables of RESULTS.md."""

import datetime as dt
import os
import platform
from importlib.metadata import PackageNotFoundError, version

from benchmarks.measured_jobs import OUTPUT, WAYS

PACKAGES = ("pandas", "gspread", "requests", "orjson", "starlette")
BEGIN, END = "<!-- measured:begin -->", "<!-- measured:end -->"
QUOTA = 60


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def size(number):
    """Show bytes: exactly while they are few."""
    if number < 10_000:
        return f"{number:,} B"
    return f"{number / 1e3:,.1f} kB" if number < 1e6 else f"{number / 1e6:,.1f} MB"


def ratio(number):
    return f"{number:,.1f}" if number < 10 else f"{number:,.0f}"


def minutes(reads, writes):
    """Show the minutes that so many requests wait for under 60 reads and 60 writes a minute."""
    return f"{max(0, -(-max(reads, writes) // QUOTA) - 1):,}"


def machine(peers):
    found = [f"Python {platform.python_version()}"]
    for name in (*PACKAGES, *(("gspread-dataframe", "pygsheets") if peers else ())):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    today = dt.datetime.now(dt.UTC).date().isoformat()
    load = f"{os.getloadavg()[0]:.1f}"
    return (
        f"Measured on {today}: {os.cpu_count()} cores that had other work meanwhile (load {load}), "
        f"{platform.system()} {platform.machine()}; {', '.join(found)}."
    )


def counts(rows):
    """Requests, bytes and cells of the worker's runs."""
    header = ("job", "leads", "reads", "writes", "sent", "received", "cells read", "cells written",
              "changed values alone", "sent ÷ them", "sent for each changed cell")  # fmt: skip
    return table(header, [_counted(row) for row in rows])


def _counted(row):
    alone = row["changed_bytes"]
    numbers = (row["reads"], row["writes"], size(row["sent"]), size(row["received"]))
    cells = (f"{row['cells_read']:,}", f"{row['cells_written']:,}")
    over = ratio(row["sent"] / alone) if alone else ""
    each = size(round(row["sent"] / row["changed_cells"])) if row["changed_cells"] else ""
    return row["job"], f"{row['leads']:,}", *numbers, *cells, size(alone) if alone else "", over, each


def costs(rows):
    """The worker's processor time and memory."""
    header = ("job", "leads", "worker's CPU, seconds", "peak memory of the worker")
    return table(
        header, [(row["job"], f"{row['leads']:,}", f"{row['cpu']:.2f}", size(row["peak"])) for row in rows]
    )


def today(ours, peers):
    """The ways of today beside ours, for 20 ticks and for a large answer."""
    rows = []
    for mine in ours:
        if mine["job"] == "20 ticks" or mine.get("output"):
            count = int(mine["job"].removeprefix("an output of ").split()[0].replace(",", ""))
            rows.append(_mine(count, mine))
            found = (_nearest(peers, way, mine["leads"]) for way in WAYS)
            rows += [_theirs(count, mine, peer) for peer in found if peer]
    header = ("way", "leads marked", "leads", "requests", "bytes both ways", "minutes of quota",
              "bytes ÷ ours", "requests ÷ ours", "time ÷ ours")  # fmt: skip
    return table(header, rows)


def _mine(count, row):
    calls, both = row["reads"] + row["writes"], size(row["sent"] + row["received"])
    waits = minutes(row["reads"], row["writes"])
    return "**sheets_crm**", f"{count:,}", f"{row['leads']:,}", calls, both, waits, 1, 1, 1


def _nearest(peers, way, leads):
    """Return the measurement of a way at the largest size not above this one, so that it is scaled up only."""
    found = [peer for peer in peers if peer["way"] == way and peer["leads"] <= leads]
    return max(found, key=lambda peer: peer["leads"], default=None)


def _theirs(count, mine, peer):
    """Return a way's row, scaled to the size and, row by row, to the number of leads; said by a mark."""
    by_row = peer["way"] == "rows"
    grown = mine["leads"] / peer["leads"]
    each = count / peer["ticks"] if by_row else grown
    reads, writes = peer["reads"], round(peer["writes"] * (each if by_row else 1))
    both = peer["received"] * grown + peer["sent"] * each
    seconds = peer["seconds"] * each
    mark = "" if grown == 1 and each == 1 else " *"
    shares = (both / (mine["sent"] + mine["received"]), (reads + writes) / (mine["reads"] + mine["writes"]))
    numbers = (f"{reads + writes:,}", size(both), minutes(reads, writes))
    where = (WAYS[peer["way"]] + mark, f"{count:,}", f"{mine['leads']:,}")
    return *where, *numbers, *map(ratio, (*shares, seconds / mine["seconds"]))


def by_package(profiles):
    """Where the time of a run goes, in shares of its seconds, waiting left out."""
    header = ("run", "leads", "seconds under the profiler", "where")
    rows = []
    for row in profiles:
        spent = {name: seconds for name, seconds in row["by_package"].items() if not name.startswith("waiting")}
        total = sum(spent.values())
        shares = ", ".join(
            f"{name} {seconds / total:.0%}" for name, seconds in spent.items() if seconds > total / 50
        )
        rows.append((row["job"], f"{row['leads']:,}", f"{total:.2f}", shares))
    return table(header, rows)


def targets(ours, start):
    """What was to be reached, beside what was measured."""
    ticks = [row for row in ours if row["job"] == "20 ticks"]
    largest = max(row["leads"] for row in ours)
    output = next(row for row in ours if row.get("output") and row["leads"] == largest)
    incremental = [row for row in ours if row["leads"] == largest and row["job"].endswith(" ticks")]
    flat = ", ".join(f"{row['leads']:,}: {size(row['sent'] + row['received'])}" for row in ticks)
    cpu = ", ".join(f"{row['job']}: {row['cpu']:.2f} s" for row in incremental)
    idle = ", ".join(f"{row['leads']:,}: {size(row['received'])}" for row in ours if row["job"] == "idle")
    return table(
        ("asked", "measured"),
        [
            ("an idle run is one small read", idle),
            ("20 ticks cost the same at any number of leads", flat),
            (
                f"an output of {OUTPUT:,} rows under 10 s of the worker's time",
                f"{output['cpu']:.2f} s at {largest:,} leads",
            ),
            ("an incremental run under 1 s of the worker's CPU", f"{cpu}, at {largest:,} leads"),
            ("start-up (imports) under 1 s", f"{start['all']:.2f} s, of them {start['bare']:.2f} s Python itself"),
        ],
    )


SCALED = (
    "\\* scaled from what was measured at {} leads: whole tabs by the number of leads, row by row by the number of "
    "leads marked (20 were). The ways of today write five cells for each lead and nothing else; ours also makes the "
    "batch, moves leads between tabs, merges eight columns, archives, counts and reads back. A way that sends "
    "more than the 2 MB that Google advises, or takes more than 180 s, would rather fail than wait."
)


def whole(ours, peers, start):
    """Return everything that is measured, as Markdown."""
    profiles = [row for row in ours if "by_package" in row]
    ours = [row for row in ours if "by_package" not in row]
    measured = " and ".join(f"{number:,}" for number in sorted({peer["leads"] for peer in peers}))
    ways = (today(ours, peers), SCALED.format(measured)) if peers else ("gspread-dataframe is not installed.",)
    parts = [
        BEGIN,
        machine(peers),
        "### What was to be reached",
        targets(ours, start),
        "### Requests, bytes and cells",
        counts(ours),
        "### Processor time and memory",
        costs(ours),
        "### Where a run's time goes",
        by_package(profiles),
        "### The same jobs as people do them today",
        *ways,
        END,
    ]
    return "\n\n".join(parts)
