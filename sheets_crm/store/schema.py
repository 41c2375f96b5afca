"""The tables of this version; `versions` has the way to them from each earlier one."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from sheets_crm.pipeline.columns import Kind
from sheets_crm.store.lead_columns import COLUMNS

HEAD: Final = "0008"
"""The schema version of this program: the newest of `versions`."""

METADATA: Final = MetaData()

ROW_ID: Final = BigInteger().with_variant(Integer, "sqlite")
"""Counted up by the database; SQLite does that for INTEGER alone."""


class Utc(TypeDecorator[dt.datetime]):
    """A moment, kept in UTC; SQLite has no type for the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn a moment into what the database keeps."""
        if value is None:
            return None
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Turn what the database keeps into a moment."""
        del dialect
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


VERSION: Final = Table("alembic_version", METADATA, Column("version_num", String(32), primary_key=True))
"""Alembic's own table, which has the schema version."""

CHANGES: Final = Table(
    "changes",
    METADATA,
    Column("change_id", ROW_ID, primary_key=True, autoincrement=True),
    Column("workbook", Text, nullable=False),  # "" in lines that version 0.1.0 wrote
    Column("changed_at", Utc, nullable=False),
    Column("run", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("cause", Text, nullable=False),
    Column("lead_number", BigInteger, nullable=False),  # 0 for a row of a two-way table
    Column("table_name", Text, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("column_name", Text, nullable=False),
    Column("old", Text, nullable=False),  # JSON: a cell, or all cells of a new lead by header
    Column("new", Text, nullable=False),
    Index("changes_of_lead", "workbook", "lead_number", "change_id"),
)

TAKEN_OVER: Final = Table(
    "taken_over",
    METADATA,
    Column("content", String(64), primary_key=True),  # SHA-256 of a file of an earlier version
    Column("taken_at", Utc, nullable=False),
)
"""Files whose content is in the store: one that a crash left behind is deleted, not taken over twice."""

JOB_RUNS: Final = Table(
    "job_runs",
    METADATA,
    Column("job_run_id", ROW_ID, primary_key=True, autoincrement=True),
    Column("workbook", Text, nullable=False),  # "" of a job of no workbook
    Column("name", Text, nullable=False),
    Column("ended_at", Utc),  # NULL: it waits for its first run
    Column("outcome", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("counts_from", Utc, nullable=False),  # from when the next turn counts
    Index("job_runs_of_name", "workbook", "name", "job_run_id"),
)

LEASES: Final = Table(
    "leases",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Utc, nullable=False),
)

MIRRORS: Final = Table(
    "mirrors",
    METADATA,
    Column("workbook", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),  # the guard's number of the workbook that the mirror shows
    Column("reconciled_at", Utc),  # when all leads were compared; NULL: they never were
)
"""The workbooks of which the store has mirror tables."""

_TYPES: Final[dict[Kind, Any]] = {Kind.TEXT: Text, Kind.FLAG: Boolean, Kind.WHEN: Utc}

LEADS: Final = Table(
    "leads",
    METADATA,
    Column("workbook", Text, ForeignKey("mirrors.workbook", ondelete="CASCADE"), primary_key=True),
    Column("lead_number", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, _TYPES[kind]) for name, kind in COLUMNS.items()),
    Column("other_cells", Text),  # JSON by header: columns that a workbook has of its own, cells of another kind
    Column("digest", BigInteger, nullable=False),  # of the cells that the row was made of
)
"""A mirror of the Master."""

SUPPRESSIONS: Final = Table(
    "suppressions",
    METADATA,
    Column("workbook", Text, ForeignKey("mirrors.workbook", ondelete="CASCADE"), primary_key=True),
    Column("row_key", Text, primary_key=True),
    *(Column(name, Text) for name in ("entry", "reason")),
    Column("lifted", Boolean),
    *(Column(name, Text) for name in ("lift_reason", "source")),
    Column("since", Utc),
    Column("normal_form", Text),  # by which entries are compared; NULL: the row counts for nothing
    Column("lifted_at", Utc),  # NULL: the entry counts
    Index("suppressions_of_form", "workbook", "normal_form"),
)
"""A mirror of Do not contact."""

IDENTITY: Final = Table(
    "store_identity",
    METADATA,
    Column("row_number", Integer, CheckConstraint("row_number = 1"), primary_key=True, autoincrement=False),
    Column("store_id", Text, nullable=False),
    Column("is_backup", Boolean, nullable=False),
)
"""One row: which store this is to the workbooks that it claims in; a backup gets another id when it is opened."""

WORKBOOK_EPOCHS: Final = Table(
    "workbook_epochs",
    METADATA,
    Column("workbook", Text, primary_key=True),
    Column("confirmed", BigInteger, nullable=False),  # the highest epoch whose write was applied
    Column("raised", BigInteger, nullable=False),  # the highest that was ever raised
    Column("sequence", BigInteger, nullable=False),  # the highest that the workbook is known to have had
)
"""The workbooks that the store claims in. Whoever writes about the claims of one locks its row first."""

EPOCHS: Final = Table(
    "epochs",
    METADATA,
    Column("workbook", Text, ForeignKey("workbook_epochs.workbook"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("token", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("becomes", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # pending, confirmed, withdrawn
    Column("claims", Text),  # JSON: what it claims and adopts; NULL once it is settled
    Index("epochs_by_state", "workbook", "state"),
)

_MESSAGE: Final = ("workbook", "enrolment", "position", "attempt")


def _message_key() -> list[Column[Any]]:
    """The columns that a message is known by, its id in parts: so their order is that of numbers, not of texts."""
    return [
        Column("workbook", Text, primary_key=True),
        Column("enrolment", Text, primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("attempt", Integer, primary_key=True, autoincrement=False),
    ]


MESSAGES: Final = Table(
    "messages",
    METADATA,
    *_message_key(),
    *(
        Column(name, Text, nullable=False)
        for name in ("lead_number", "address", "campaign_id", "version", "mailbox", "thread_key")
    ),
    Column("epoch", BigInteger, nullable=False),
    Column("claimed_at", Utc),
    Column("answer", Text),  # accepted, refused, not_sent, no_answer
    Column("answer_reason", Text),
    Column("released", Boolean, nullable=False),
    Column("closed", Text),  # what became of it in the workbook; NULL while that is open
    Column("enrolment_row", Text, nullable=False),  # JSON: the row of Enrolments as it was claimed
    ForeignKeyConstraint(["workbook"], ["workbook_epochs.workbook"]),
    Index("messages_by_end", "workbook", "closed"),
)
"""Claims whose write was applied. A message stays for ever, or its id would be given out again."""

HAND_OVERS: Final = Table(
    "hand_overs",
    METADATA,
    *_message_key(),
    Column("handing_over_at", Utc, nullable=False),
    ForeignKeyConstraint(_MESSAGE, [f"messages.{name}" for name in _MESSAGE]),
)
"""Messages whose hand-over began: it is an insert under the primary key, so that of two workers one gets it."""

MESSAGE_CAPS: Final = Table(
    "message_caps",
    METADATA,
    *_message_key(),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("cap_key", Text, nullable=False),
    ForeignKeyConstraint(_MESSAGE, [f"messages.{name}" for name in _MESSAGE]),
    Index("message_caps_of_key", "workbook", "cap_key"),
)
"""The caps that each message spent."""

INTAKE: Final = Table(
    "intake",
    METADATA,
    Column("intake_id", ROW_ID, primary_key=True, autoincrement=True),
    *(Column(name, Text, nullable=False) for name in ("workbook", "source", "kind")),
    Column("delivery_key", Text),  # what repetitions of it have in common; NULL when there is nothing
    Column("received_at", Utc, nullable=False),
    Column("body", LargeBinary),  # as it came; NULL once it was deleted
    Column("state", Text, nullable=False),  # waiting, imported, duplicate, refused
    Column("settled_at", Utc),
    Column("reason", Text, nullable=False),  # why it was refused
    Index("intake_of_key", "workbook", "source", "delivery_key", unique=True),
    Index("intake_by_state", "workbook", "state", "intake_id"),
    Index("intake_by_kind", "workbook", "source", "kind", "state"),
    Index("intake_by_time", "received_at"),
)
"""What sources and feeds brought, until a run imports it, and what became of it."""

ACTIVITIES: Final = Table(
    "activities",
    METADATA,
    Column("activity_id", ROW_ID, primary_key=True, autoincrement=True),
    Column("workbook", Text, nullable=False),
    Column("activity_key", Text, nullable=False),  # what its repetitions have in common
    Column("lead_number", BigInteger, nullable=False),
    Column("happened_at", Utc, nullable=False),
    *(
        Column(name, Text, nullable=False)
        for name in ("kind", "channel", "direction", "campaign", "subject", "text")
    ),
    Index("activities_of_key", "workbook", "channel", "activity_key", unique=True),
    Index("activities_of_lead", "workbook", "lead_number", "happened_at"),
    Index("activities_by_time", "workbook", "happened_at"),
)
"""What happened with each lead, as feeds told it."""

FEED_CURSORS: Final = Table(
    "feed_cursors",
    METADATA,
    *(Column(name, Text, primary_key=True) for name in ("workbook", "feed", "name")),
    Column("value", Text, nullable=False),
    Column("saved_at", Utc, nullable=False),
)
"""How far the fetching for each feed got with each list; saved after what was read up to there is in the intake."""

ALERTS: Final = Table(
    "alerts",
    METADATA,
    *(Column(name, Text, primary_key=True) for name in ("workbook", "code", "subject")),
    *(Column(name, Text, nullable=False) for name in ("alert", "severity", "cause", "remedy", "link", "owner")),
    Column("since", Utc, nullable=False),
    Column("times", Integer, nullable=False),  # how often it was opened
    Column("seen", Boolean, nullable=False),
    Column("snooze_until", Utc),
    Column("told", Integer, nullable=False),  # the number of the last opening that was told
    Column("cleared", Integer, nullable=False),  # the number of the last opening the end of which is settled
    Column("closed_at", Utc),  # NULL: its cause is there
    Column("tell_from", Utc),
)
"""Alerts, one for each cause, closed ones too."""

ALERT_MESSAGES: Final = Table(
    "alert_messages",
    METADATA,
    Column("alert_message_id", ROW_ID, primary_key=True, autoincrement=True),
    *(Column(name, Text, nullable=False) for name in ("workbook", "message_key", "kind", "text")),
    Column("urgent", Boolean, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("state", Text, nullable=False),  # waiting, claimed, sent, failed, unknown
    Column("attempts", Integer, nullable=False),
    Column("next_at", Utc, nullable=False),  # it is not sent before
    Column("claimed_at", Utc),
    Column("answered_at", Utc),
    Column("answer", Text, nullable=False),  # the last answer of whom it was sent to
    Index("alert_messages_of_key", "workbook", "message_key", unique=True),
    Index("alert_messages_by_state", "workbook", "state", "alert_message_id"),
)
"""What is told of alerts and notices: made under a key of its own, and claimed before it is sent."""

NOTICES: Final = Table(
    "notices",
    METADATA,
    *(Column(name, Text, primary_key=True) for name in ("workbook", "event", "notice_key")),
    *(Column(name, Text, nullable=False) for name in ("text", "link", "state")),  # waiting, told, dropped
    Column("noted_at", Utc, nullable=False),
    Index("notices_by_state", "workbook", "state", "noted_at"),
)
"""What happened, and whether somebody was told."""
