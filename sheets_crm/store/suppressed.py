"""Whom nobody may contact, by the store's mirror of Do not contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets_crm.store.access import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection


def suppressed(store: Store, workbook: str) -> frozenset[str]:
    """The normal forms of the entries of a workbook that count."""

    def work(connection: Connection) -> frozenset[str]:
        from sqlalchemy import select  # noqa: PLC0415 - SQLAlchemy waits until it is needed

        from sheets_crm.store.schema import SUPPRESSIONS  # noqa: PLC0415

        table = SUPPRESSIONS.c
        counts = (table.workbook == workbook) & table.normal_form.is_not(None) & table.lifted_at.is_(None)
        return frozenset(connection.execute(select(table.normal_form).where(counts)).scalars())

    return store.read(work)
