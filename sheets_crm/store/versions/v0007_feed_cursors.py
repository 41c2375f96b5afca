"""How far the fetching for each feed got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "feed_cursors",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("workbook", "feed", "name")),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    )
