"""The intake."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "intake",
        sa.Column("intake_id", NUMBER, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("workbook", "source", "kind")),
        sa.Column("delivery_key", sa.Text),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("intake_of_key", "intake", ["workbook", "source", "delivery_key"], unique=True)
    op.create_index("intake_by_state", "intake", ["workbook", "state", "intake_id"])
    op.create_index("intake_by_kind", "intake", ["workbook", "source", "kind", "state"])
    op.create_index("intake_by_time", "intake", ["received_at"])
