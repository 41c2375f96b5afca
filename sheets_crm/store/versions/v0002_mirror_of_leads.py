"""The mirror of the leads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COLUMNS = """
target_id first_name last_name person_title person_title_description person_summary person_location
duration_in_role duration_in_company person_timestamp person_linkedin_url person_sales_url company_name_from_p
company_linkedin_url_from_p company_sales_url_from_p email email_validation validation_success
first_name_cleaned last_name_cleaned company_name company_description company_tag_line industry employee_count
company_location website domain year_founded specialties phone min_revenue max_revenue growth6_mth growth1_yr
growth2_yr company_timestamp_sn company_timestamp_ln linked_in_company_url sales_navigator_company_url
box1_version box1_result subject body_1 body_2 body_3 body_4 prompt1_version prompt1_user_prompt prompt1_output
prompt2_version prompt2_user_prompt prompt2_output prompt3_version prompt3_user_prompt prompt3_output
prompt4_version prompt4_user_prompt prompt4_output verification_sent verification_sent_at verification_batch
verification_status verification_completed_at company_scrap_sent company_scrap_sent_at company_scrap_batch
company_scrap_status company_scrap_completed_at box1_sent box1_sent_at box1_batch box1_status box1_completed_at
instantly_sent instantly_sent_at instantly_batch instantly_step_status instantly_completed_at storage
instantly_status instantly_status_at notes imported_at updated_at person_phone enters
"""
FLAGS = """
validation_success verification_sent company_scrap_sent box1_sent instantly_sent storage
"""
MOMENTS = """
verification_sent_at verification_completed_at company_scrap_sent_at company_scrap_completed_at box1_sent_at
box1_completed_at instantly_sent_at instantly_completed_at instantly_status_at imported_at updated_at
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mirrors",
        sa.Column("workbook", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("reconciled_at", MOMENT),
    )
    types = dict.fromkeys(FLAGS.split(), sa.Boolean()) | dict.fromkeys(MOMENTS.split(), MOMENT)
    op.create_table(
        "leads",
        sa.Column("workbook", sa.Text, sa.ForeignKey("mirrors.workbook", ondelete="CASCADE"), primary_key=True),
        sa.Column("lead_number", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(name, types.get(name, sa.Text())) for name in COLUMNS.split()),
        sa.Column("other_cells", sa.Text),
        sa.Column("digest", sa.BigInteger, nullable=False),
    )
