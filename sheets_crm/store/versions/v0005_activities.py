"""Activities of leads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "activities",
        sa.Column("activity_id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("workbook", sa.Text, nullable=False),
        sa.Column("activity_key", sa.Text, nullable=False),
        sa.Column("lead_number", sa.BigInteger, nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("kind", "channel", "direction", "campaign", "subject", "text")
        ),
    )
    op.create_index("activities_of_key", "activities", ["workbook", "channel", "activity_key"], unique=True)
    op.create_index("activities_of_lead", "activities", ["workbook", "lead_number", "happened_at"])
    op.create_index("activities_by_time", "activities", ["workbook", "happened_at"])
