"""The columns of the table `leads`: those that every Master may have, under their headers in snake_case.

They are the table's, as its migrations made it. A column that the Master gets is in `other_cells` until the store has a
migration for it, as are those that the settings or a workbook add.
"""

from __future__ import annotations

import re
from typing import Final

from sheets_crm.pipeline.columns import LEAD_NUMBER, Kind
from sheets_crm.pipeline.steps import SCHEMA

_FLAGS: Final = """
validation_success verification_sent company_scrap_sent box1_sent instantly_sent storage
"""
_MOMENTS: Final = """
verification_sent_at verification_completed_at company_scrap_sent_at company_scrap_completed_at box1_sent_at
box1_completed_at instantly_sent_at instantly_completed_at instantly_status_at imported_at updated_at
"""
_NAMES: Final = """
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
_NEW_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

COLUMNS: Final[dict[str, Kind]] = {
    **dict.fromkeys(_NAMES.split(), Kind.TEXT),
    **dict.fromkeys(_FLAGS.split(), Kind.FLAG),
    **dict.fromkeys(_MOMENTS.split(), Kind.WHEN),
}
"""The columns by name, with the kind of their cells."""


def column_name(header: str) -> str:
    """The name of a header's column: that of ``personSalesUrl`` is ``person_sales_url``."""
    return _NEW_WORD.sub("_", header).lower()


BY_HEADER: Final[dict[str, str]] = {
    column.name: column_name(column.name)
    for column in SCHEMA.columns
    if column.name != LEAD_NUMBER and column_name(column.name) in COLUMNS
}
"""The columns by header. A header of the settings that only looks like one of them has none."""
