"""What a write meant for other rows of Control has overwritten, as values."""

import pytest

from sheets_crm.engine.control_rows import ControlWrite, PutBack, as_before, overwritten, put_back


def control(**values):
    """Rows of Control by id, each with a label and its value; a name with a leading underscore only decorates."""
    return [
        [name.lstrip("_"), value, "", "", "", "", "", "" if name.startswith("_") else name]
        for name, value in values.items()
    ]


BEFORE = control(status="in order", last_run_at=46_000.5, _heading="", target_id="T7", sync_now=True, confirm=True)
WRITE = ControlWrite((("last_run_at", 1, 46_001.5), ("sync_now", 1, False)), (), BEFORE)


def test_nothing_is_put_back_when_everything_arrived():
    now = control(
        status="in order", last_run_at=46_001.5, _heading="", target_id="T7", sync_now=False, confirm=True
    )
    assert overwritten(now, WRITE) == ()


def test_a_row_inserted_above_lets_everything_land_one_row_off():
    now = control(
        _new="", status="in order", last_run_at=46_000.5, _heading=46_001.5, target_id="T7", sync_now=True
    )
    now[1][1], now[3][1] = 46_001.5, ""
    found = overwritten(now, WRITE)
    assert PutBack(1, 1, "in order", "status") in found
    assert PutBack(2, 1, 46_001.5, "last_run_at") in found
    assert PutBack(5, 1, False, "sync_now") in found


def test_what_an_operator_cleared_or_unticked_stays_so():
    now = control(
        status="in order", last_run_at=46_001.5, _heading="", target_id="", sync_now=False, confirm=False
    )
    assert overwritten(now, WRITE) == ()


def test_a_tick_of_confirm_is_never_given_again():
    now = control(status=46_001.5, last_run_at=46_000.5, _heading="", target_id="T7", sync_now=True, confirm=False)
    assert {cell.id for cell in overwritten(now, WRITE)} == {"status", "last_run_at", "sync_now"}


@pytest.mark.parametrize("latest", [True, False])
def test_after_somebody_elses_write_only_what_is_certain_is_put_back(latest):
    now = control(status=46_001.5, last_run_at=46_000.5, _heading="", target_id="T7", sync_now=True, confirm=True)
    found = overwritten(now, WRITE, latest=latest)
    assert PutBack(0, 1, "in order", "status") in found
    assert (PutBack(1, 1, 46_001.5, "last_run_at") in found) is latest


def test_what_was_not_applied_put_nothing_anywhere_but_an_earlier_write_counts():
    body = ControlWrite(WRITE.cells, (("status", 1, "refused"),), BEFORE).as_json()
    write = ControlWrite.from_json(body, applied=False)
    assert write.cells == ()
    now = control(status="in order", last_run_at=46_000.5, _heading="", target_id="refused", sync_now=True)
    found = overwritten(now, write)
    assert PutBack(3, 1, "T7", "target_id") in found
    assert put_back(now, found)[3][1] == "T7"


def test_a_setting_typed_since_is_kept_when_control_is_laid_out_again():
    write = ControlWrite((("status", 1, ""), ("status", 0, "status")), (), BEFORE, laid_out=True)
    now = control(target_id="T9", status="", sync_now=True)
    found = {row[7]: row[1] for row in as_before(now, write)}
    assert (found["target_id"], found["status"]) == ("T9", "in order")
