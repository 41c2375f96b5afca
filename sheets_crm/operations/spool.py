"""Files that were read for an import and are not merged yet, because the process ended in between."""

from __future__ import annotations

from sheets_crm.operations.context import Context
from sheets_crm.pipeline.drops.recognise import blocks
from sheets_crm.sync import archive
from sheets_crm.sync.snapshot import Source


def waiting_files(context: Context, known: set[str]) -> list[Source]:
    """Return files that an earlier command had read and a crash left unmerged."""
    found = []
    for name, body in archive.spooled(context.settings.state_dir):
        ref = f"file:{name}"
        if ref in known:
            continue
        tables = body["tables"]
        taken = [
            block
            for table in tables
            for block in blocks(table["cells"], context.settings.schema, table.get("step"))
            if not block.problem
        ]
        target = tables[0].get("target_id") if tables else None
        found.append(Source(ref, str(body["label"]), tuple(taken), target_id=target))
    return found
