"""The mirror of Do not contact."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "suppressions",
        sa.Column("workbook", sa.Text, sa.ForeignKey("mirrors.workbook", ondelete="CASCADE"), primary_key=True),
        sa.Column("row_key", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text) for name in ("entry", "reason")),
        sa.Column("lifted", sa.Boolean),
        *(sa.Column(name, sa.Text) for name in ("lift_reason", "source")),
        sa.Column("since", MOMENT),
        sa.Column("normal_form", sa.Text),
        sa.Column("lifted_at", MOMENT),
    )
    op.create_index("suppressions_of_form", "suppressions", ["workbook", "normal_form"])
