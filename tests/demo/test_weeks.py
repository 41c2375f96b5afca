"""The invented weeks of the demo's History."""

from sheets_crm.demo.weeks import WEEKS, invented

HEADER = ["date", "leads_total", "verification_ratio", "box1_hit", "conservation_ok"]


def test_counts_grow_towards_those_of_now_and_nothing_else_is_invented():
    now = {"leads_total": 500, "verification_ratio": 0.68, "box1_hit": 71, "conservation_ok": True}
    rows = invented(HEADER, 46_000.0, now)
    assert [row[0] for row in rows] == [46_000 - 7 * week for week in range(WEEKS, 0, -1)]
    for column in (1, 3):
        counts = [*(row[column] for row in rows), now[HEADER[column]]]
        assert counts == sorted(counts)
        assert counts[0] == 0
    assert {row[2] for row in rows} == {row[4] for row in rows} == {""}
