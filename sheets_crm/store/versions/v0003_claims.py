"""The store's identity; claims, their epochs, hand-overs and caps."""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MESSAGE = ("workbook", "enrolment", "position", "attempt")


def upgrade() -> None:
    """Make the tables."""
    _identity()
    _epochs()
    _messages()
    op.create_table(
        "hand_overs",
        *_message_key(),
        sa.Column("handing_over_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(MESSAGE, [f"messages.{name}" for name in MESSAGE]),
    )
    op.create_table(
        "message_caps",
        *_message_key(),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("cap_key", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(MESSAGE, [f"messages.{name}" for name in MESSAGE]),
    )
    op.create_index("message_caps_of_key", "message_caps", ["workbook", "cap_key"])


def _identity() -> None:
    identity = op.create_table(
        "store_identity",
        sa.Column(
            "row_number", sa.Integer, sa.CheckConstraint("row_number = 1"), primary_key=True, autoincrement=False
        ),
        sa.Column("store_id", sa.Text, nullable=False),
        sa.Column("is_backup", sa.Boolean, nullable=False),
    )
    row = {"row_number": 1, "store_id": secrets.token_hex(8), "is_backup": False}
    op.bulk_insert(identity, [row])


def _epochs() -> None:
    op.create_table(
        "workbook_epochs",
        sa.Column("workbook", sa.Text, primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("confirmed", "raised", "sequence")),
    )
    op.create_table(
        "epochs",
        sa.Column("workbook", sa.Text, sa.ForeignKey("workbook_epochs.workbook"), primary_key=True),
        sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("becomes", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("claims", sa.Text),
    )
    op.create_index("epochs_by_state", "epochs", ["workbook", "state"])


def _messages() -> None:
    texts = ("lead_number", "address", "campaign_id", "version", "mailbox", "thread_key")
    op.create_table(
        "messages",
        *_message_key(),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.Column("answer", sa.Text),
        sa.Column("answer_reason", sa.Text),
        sa.Column("released", sa.Boolean, nullable=False),
        sa.Column("closed", sa.Text),
        sa.Column("enrolment_row", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["workbook"], ["workbook_epochs.workbook"]),
    )
    op.create_index("messages_by_end", "messages", ["workbook", "closed"])


def _message_key() -> list[sa.Column[Any]]:
    return [
        sa.Column("workbook", sa.Text, primary_key=True),
        sa.Column("enrolment", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    ]
