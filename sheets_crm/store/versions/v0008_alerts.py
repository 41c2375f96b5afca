"""Alerts, notices, and the messages that tell of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "alerts",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("workbook", "code", "subject")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("alert", "severity", "cause", "remedy", "link")),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("seen", sa.Boolean, nullable=False),
        sa.Column("snooze_until", MOMENT),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("cleared", sa.Integer, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("tell_from", MOMENT),
    )
    op.create_table(
        "alert_messages",
        sa.Column("alert_message_id", NUMBER, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("workbook", "message_key", "kind", "text")),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.Column("answered_at", MOMENT),
        sa.Column("answer", sa.Text, nullable=False),
    )
    op.create_index("alert_messages_of_key", "alert_messages", ["workbook", "message_key"], unique=True)
    op.create_index("alert_messages_by_state", "alert_messages", ["workbook", "state", "alert_message_id"])
    op.create_table(
        "notices",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("workbook", "event", "notice_key")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("text", "link", "state")),
        sa.Column("noted_at", MOMENT, nullable=False),
    )
    op.create_index("notices_by_state", "notices", ["workbook", "state", "noted_at"])
