"""What a lead's history shows to a person, and keeps for scripts."""

import re

import pytest


@pytest.mark.long
def test_moments_of_the_journal_read_as_dates_and_stay_numbers_for_scripts(open_desk):
    desk = open_desk("sent")
    lead = next(number for number, line in desk.leads().items() if line["verification_sent"] is True)
    report = desk.app.history(str(lead))
    (table,) = report.tables
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    (shown,) = [row["new"] for row in rows if row["column"] == "verification_sent_at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", shown)
    (kept,) = [c["new"] for c in report.json["changes"] if c["column"] == "verification_sent_at"]
    assert isinstance(kept, float)
