"""Control's list of the tabs as values: its rows by group, and what a run does about ticks, tabs and records."""

import pytest

from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook import control, tab_list
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.declaration import Group, TabSpec
from sheets_crm.workbook.info import RowGroup, TabInfo
from sheets_crm.workbook.tab_list import ListedTab, answers, by_group, group_answers, leave_none_visible
from sheets_crm.workbook.tabs import CONTROL, MASTER, SYSTEM

SCHEMA = Schema(STEPS)
SPECS = {spec.key: spec for spec in FEATURES.specs(SCHEMA, {})}


def tab(key="log", *, shown=True, title="Log", sheet_id=7):
    return TabInfo(sheet_id, title, 1, not shown, 10, 4, mark=key)


def row(tick=True, record="visible", title="Log"):
    return [title, tick, record]


def listed(*groups):
    return [ListedTab(f"t{n}", n, f"T{n}", group, n % 2 == 0) for n, group in enumerate(groups)]


# -- rows


def test_every_tab_with_a_group_is_listed_but_control_system_and_master():
    left_out = {key for key, spec in SPECS.items() if not tab_list.is_listed(spec)}
    assert left_out == {CONTROL, SYSTEM, MASTER}
    assert tab_list.is_listed(TabSpec("deals", "Deals", group=Group.SALES))


def test_groups_without_a_tab_are_left_out_and_stand_in_their_order():
    found = by_group(listed(Group.SETUP, Group.SALES, Group.SETUP, Group.TODAY))
    assert [(group, [one.key for one in of_group]) for group, of_group in found.items()] == [
        (Group.TODAY, ["t3"]),
        (Group.SALES, ["t1"]),
        (Group.SETUP, ["t0", "t2"]),
    ]


@pytest.mark.parametrize(
    ("language", "names", "words"),
    [("es", ("Hoy", "Ventas"), ("visible", "oculta")), ("en", ("Today", "Sales"), ("visible", "hidden"))],
)
def test_the_rows_of_the_list(language, names, words):
    where = Addresses({key: spec.title for key, spec in SPECS.items()}, SPECS)
    rows = control.rows(SCHEMA, language, where, {}, listed(Group.TODAY, Group.SALES))
    first = [one.id for one in rows].index(tab_list.SPACE)
    assert [one.id for one in rows][first - 1 : first + 7] == [
        "confirm",
        "tabs.space",
        "tabs",
        "tabs.today",
        "tab.t0",
        "tabs.sales",
        "tab.t1",
        "settings.space",
    ]
    _, _, today, zero, sales, one = rows[first : first + 6]
    assert (today.cells[0], sales.cells[0]) == names
    assert zero.cells[:3] == (tab_list.link(0, "T0"), True, words[0])
    assert one.cells[:3] == (tab_list.link(1, "T1"), False, words[1])
    assert today.cells[1:3] == (False, "▸")
    assert all(each.operator == each.checkboxes == (1,) for each in (today, zero, sales, one))


def test_without_tabs_there_is_no_list():
    where = Addresses({key: spec.title for key, spec in SPECS.items()}, SPECS)
    ids = [one.id for one in control.rows(SCHEMA, "en", where, {}) if one.id.startswith("tab")]
    assert ids == ["tabs.settings", "tabs.guide"]  # sections that fold in the same way


def test_a_link_takes_any_title():
    assert tab_list.link(12, 'A "b"').text == '=HYPERLINK("#gid=12";"A ""b""")'


def test_the_signal_has_no_comma_and_begins_in_row_1():
    text = tab_list.signal("Ana's")
    assert "," not in text
    assert "'Ana''s'!$B$1:$B" in text


# -- ticks, tabs and records

V, H = "visible", "hidden"


@pytest.mark.parametrize(
    ("tick", "record", "shown", "after"),
    [
        # nothing changed
        (True, V, True, True),
        (False, H, False, False),
        # an operator changed the tick
        (False, V, True, False),
        (True, H, False, True),
        # somebody hid or showed the tab by hand
        (True, V, False, False),
        (False, H, True, True),
        # both: the tick wins, whether or not it asks for what was done by hand
        (False, V, False, False),
        (True, H, True, True),
        # an odd tick, and a record that is gone or of the other language
        ("x", H, False, True),
        ("", V, True, False),
        (True, "", False, True),
        (True, "", True, True),
        (False, "oculta", True, True),
    ],
)
def test_a_changed_tick_wins_else_the_list_follows_the_tab(tick, record, shown, after):
    given = answers({"log": tab(shown=shown)}, {"log": row(tick, record)}, "en")
    wanted = [after, V if after else H]
    changed = [(type(a), a) != (type(b), b) for a, b in zip((tick, record), wanted, strict=True)]
    if not any(changed) and shown is after:
        assert given == []
        return
    (answer,) = given
    assert (answer.shown, answer.changes_tab) == (after, shown is not after)
    assert answer.cells == {n: value for n, value in enumerate(wanted, start=1) if changed[n - 1]}


def test_a_tab_that_has_to_be_visible_is_whatever_is_ticked():
    (answer,) = answers({"log": tab(shown=False)}, {"log": row(False, H)}, "en", frozenset({"log"}))
    assert (answer.shown, answer.cells) == (True, {1: True, 2: V})


def test_the_title_follows_a_rename_and_rows_of_lost_tabs_are_left_alone():
    (answer,) = answers({"log": tab(title="Diario")}, {"log": row(), "gone": row(False, V)}, "es")
    assert answer.cells == {0: tab_list.link(7, "Diario")}
    assert not answer.changes_tab


def test_a_short_row_is_read_as_blank():
    (answer,) = answers({"log": tab()}, {"log": []}, "en")
    assert answer.cells == {0: tab_list.link(7, "Log"), 1: False, 2: H}


def test_whether_no_tab_would_be_visible():
    tabs = {"log": tab(), "inbox": tab("inbox", shown=False, title="Inbox", sheet_id=8)}
    hiding = answers(tabs, {"log": row(False, V)}, "en")
    assert leave_none_visible(tabs.values(), hiding)
    assert not leave_none_visible(tabs.values(), [])
    exchanged = {"log": row(False, V), "inbox": row(True, H, "Inbox")}
    assert not leave_none_visible(tabs.values(), answers(tabs, exchanged, "en"))


# -- groups


@pytest.mark.parametrize(
    ("tick", "record", "collapsed", "opened", "span"),
    [
        (False, "▸", True, False, None),
        (True, "▸", True, True, (4, 7)),
        (False, "▾", False, False, (4, 7)),
        (True, "▾", True, False, None),  # folded by hand
        (False, "▸", False, True, None),  # opened by hand
        (True, "▾", None, True, None),  # no group of rows any more
        (True, "▸", None, True, None),
    ],
)
def test_groups_open_by_a_tick_and_follow_what_is_done_by_hand(tick, record, collapsed, opened, span):
    cells = [[""], [""], [""], ["Hoy", tick, record]]
    groups = [] if collapsed is None else [RowGroup(4, 7, 1, collapsed), RowGroup(4, 5, 2, collapsed=True)]
    given = group_answers(cells, {"tabs.today": 3, "tabs.space": 1, "tab.log": 2}, groups)
    if (tick, record) == (opened, "▾" if opened else "▸") and span is None:
        assert given == []
        return
    (answer,) = given
    assert (answer.opened, answer.span) == (opened, span)
