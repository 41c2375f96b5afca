"""The spool: files that were read for an import and not merged, because the process ended in between."""

from __future__ import annotations

import logging

from sheets_crm.engine import archive
from sheets_crm.engine.archive import WaitingFile
from sheets_crm.engine.snapshot import PendingImport
from sheets_crm.messages import localize
from sheets_crm.operations.answered_headers import answered_headers
from sheets_crm.operations.context import Context
from sheets_crm.pipeline.imports.recognise import Block, tables

_LOG = logging.getLogger(__name__)


def waiting_files(context: Context, skipped: set[str]) -> list[PendingImport]:
    """The files that an earlier command read and a crash left unmerged.

    Files that cannot be recognised are set aside.

    Args:
        context: The workbook, and the ports that a run uses.
        skipped: References of files to leave out.
    """
    return [
        source
        for waiting in archive.spooled(context.settings.state_dir, context.settings.workbook)
        if waiting.ref not in skipped and (source := _source(context, waiting)) is not None
    ]


def _source(context: Context, waiting: WaitingFile) -> PendingImport | None:
    try:
        recognised = _recognised(context, waiting)
    except Exception as error:  # noqa: BLE001 - one file that cannot be read stops no other
        _LOG.debug("%s", waiting.name, exc_info=error)
        recognised, reason = [], localize("unforeseen", context.settings.language, kind=type(error).__name__)
    else:
        reason = localize("not_recognised", context.settings.language)
    if not recognised:
        archive.put_aside(context.settings.state_dir, waiting.name, reason, waiting.progress)
        return None
    target, enters = waiting.tables[0].get("target_id"), str(waiting.tables[0].get("enters") or "")
    return PendingImport(
        waiting.ref, waiting.label, tuple(recognised), target_id=target, enters=enters, progress=waiting.progress
    )


def _recognised(context: Context, waiting: WaitingFile) -> list[Block]:
    said = answered_headers(context)
    return [
        block
        for table in waiting.tables
        for block in tables(table["cells"], said.schema, table.get("step"), said.answers)
        if not block.problem
    ]
