"""The change journal, runs of jobs, leases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "changes",
        sa.Column("change_id", ROW_ID, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("workbook",)),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("lead_number", sa.BigInteger, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("table_name", "row_key", "column_name", "old", "new")
        ),
    )
    op.create_index("changes_of_lead", "changes", ["workbook", "lead_number", "change_id"])
    op.create_table(
        "taken_over",
        sa.Column("content", sa.String(64), primary_key=True),
        sa.Column("taken_at", MOMENT, nullable=False),
    )
    op.create_table(
        "job_runs",
        sa.Column("job_run_id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("workbook", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("counts_from", MOMENT, nullable=False),
    )
    op.create_index("job_runs_of_name", "job_runs", ["workbook", "name", "job_run_id"])
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )
