"""A state folder as version 0.6.0 left it: what the cache file holds, in the files that there were before."""

import zlib
from pathlib import Path

import orjson
from cache_rows import rows_of

from sheets_crm.engine.state_files import sealed, write_whole

ENDS = {"pending": "pending", "layout": "places", "tables": "tables"}
MADE = ["0.2.0-checksums", "0.6.0-journal-in-the-store"]


def as_0_6_0_left_it(state_dir: Path) -> list[str]:
    """Turn a state folder into one of 0.6.0; return the names of its files of caches, facts and records."""
    facts, logs, made = {}, {}, []

    def write(name, content):
        write_whole(state_dir / name, content)
        made.append(name)

    for workbook, name, value, _ in rows_of(state_dir, "facts"):
        facts.setdefault(workbook, {})[name] = orjson.loads(value)
    for workbook, found in facts.items():
        write(f"workbook-{workbook}.json", sealed(orjson.dumps(found)))
    for workbook, name, part, body, _ in rows_of(state_dir, "caches"):
        if name == "leads" and part:
            logs.setdefault(workbook, []).append((part, b"%08x %s\n" % (zlib.crc32(body), body)))
        else:
            write(f"cache/{workbook}.{ENDS.get(name, name)}.json", sealed(body))
    for workbook, lines in logs.items():
        write(f"cache/{workbook}.changes.jsonl", b"".join(line for _, line in sorted(lines)))
    for key, value, _ in rows_of(state_dir, "job_records"):
        write(f"jobs/{key}.json", sealed(value))
    (state_dir / "cache.db").unlink()
    write_whole(state_dir / "version.json", sealed(orjson.dumps(MADE)))
    return made
