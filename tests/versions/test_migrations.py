"""Migrations as values, and those of the state folder."""

from dataclasses import replace
from functools import partial

import orjson
import pytest

from sheets_crm.engine import state, state_files, state_migrations
from sheets_crm.errors import SettingsError
from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.metric_list import METRICS, Metric
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import BUILT_IN, STEPS
from sheets_crm.workbook import migrations
from sheets_crm.workbook.declaration import TabColumn
from sheets_crm.workbook.first_metrics import FIRST_METRICS
from sheets_crm.workbook.info import TabInfo, WorkbookInfo
from sheets_crm.workbook.migrations import Migration
from sheets_crm.workbook.setup.layout import Existing, _new_headers

FIRST = tuple(migration for migration in migrations.MIGRATIONS if not migration.headers)
FIRST_ONES = [metric for metric in METRICS if metric.id in FIRST_METRICS]


def spec_of(key):
    return next(spec for spec in FEATURES.specs(Schema(STEPS), {"box1": 2}) if spec.key == key)


def test_names_are_kept_for_ever_and_have_no_blank():
    assert [migration.name for migration in FIRST][:1] == ["0.2.0-migrations"]
    assert all(migration.name.split() == [migration.name] for migration in FIRST)
    assert len({migration.name for migration in FIRST}) == len(FIRST)


def test_what_is_waiting_and_what_is_unknown():
    assert migrations.waiting("") == migrations.every()
    assert migrations.waiting(migrations.names()) == ()
    assert migrations.unknown(f"{migrations.names()} 9.9.0-other") == ("9.9.0-other",)


def test_later_columns_stand_at_the_right_end_in_the_order_in_which_they_came(monkeypatch):
    later = (
        Migration("8", "", {"master": ("industry", "firstName")}),
        Migration("9", "", {"master": ("email",), "batch.box1": ("email",)}),
    )
    monkeypatch.setattr(migrations, "MIGRATIONS", (*FIRST, *later))
    declared = spec_of("master")
    old = migrations.as_made(declared, len(FIRST))
    assert old.headers[-3:] == ("firstName", "industry", "email")
    assert sorted(old.headers) == sorted(declared.headers)
    assert migrations.as_made(declared, 1 + len(FIRST)).headers[-3:] == old.headers[-3:]
    assert migrations.as_made(declared, 2 + len(FIRST)).headers[-1] == "email"
    assert migrations.as_made(declared, 3 + len(FIRST)) is declared
    assert migrations.as_made(spec_of("batch.box1.2"), 1).headers[-1] == "email"
    assert migrations.as_made(spec_of("input.box1"), 1 + len(FIRST)).headers == spec_of("input.box1").headers


def test_a_table_stands_as_its_header_row_says(monkeypatch):
    monkeypatch.setattr(migrations, "MIGRATIONS", (*FIRST, Migration("8", "", {"master": ("industry", "email")})))
    declared, old = spec_of("master"), migrations.as_made(spec_of("master"), 1)
    assert old.headers != declared.headers
    for layout in (1, migrations.made_with()):
        assert migrations.as_it_stands(declared, declared.headers, layout).headers == declared.headers
        assert migrations.as_it_stands(declared, old.headers, layout).headers == old.headers
        for lost in ({"industry"}, {"industry", "email"}):
            for stands in (declared, old):
                row = [name if name not in lost else "" for name in stands.headers]
                assert migrations.as_it_stands(declared, row, layout).headers == stands.headers
        assert migrations.as_it_stands(declared, ["mine", *old.headers, "own"], layout).headers == old.headers
    assert migrations.as_it_stands(declared, (), 1).headers == old.headers
    assert migrations.as_it_stands(declared, declared.headers[::-1], 1).headers == old.headers


def with_metrics(monkeypatch, *ids):
    """History as a later version declares it: with these metrics in front of the first versions' ones."""
    later = [Metric(name, "leads", "count", name, name.title(), name) for name in ids]
    monkeypatch.setattr(migrations, "of_metrics", partial(migrations.of_metrics, (*later, *FIRST_ONES)))
    monkeypatch.setattr(migrations, "MIGRATIONS", FIRST)
    old = first_history()
    return replace(old, columns=(old.columns[0], *map(TabColumn, ids), *old.columns[1:]))


def first_history():
    spec = spec_of("history")
    return replace(spec, columns=tuple(one for one in spec.columns if one.header in {"date", *FIRST_METRICS}))


def test_a_metric_of_a_later_version_is_a_migration_of_history(monkeypatch):
    assert {metric.id for metric in FIRST_ONES} == FIRST_METRICS
    assert migrations.of_metrics(FIRST_ONES) == ()
    with_metrics(monkeypatch, "later")
    assert migrations.names().split() == [*(migration.name for migration in FIRST), "metric.later"]
    record = " ".join(migration.name for migration in FIRST)
    assert [migration.name for migration in migrations.waiting(record)] == ["metric.later"]
    assert not migrations.up_to_date(record)
    assert migrations.up_to_date(f"metric.later {record}")
    assert not migrations.up_to_date(f"metric.later {record} metric.other")
    assert migrations.unknown("metric.later metric.other") == ("metric.other",)
    assert migrations.made_with() == 1 + len(FIRST)
    assert [migration.name for migration in migrations.since(migrations.made_with())] == ["metric.later"]


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("layout", [1, migrations.made_with()])
def test_later_metrics_stand_as_declared_in_a_new_history_and_in_the_order_they_came_in_an_older_one(
    monkeypatch, order, layout
):
    old = first_history()
    declared = with_metrics(monkeypatch, "a", "b")
    came = (*old.headers, *order)
    for stands in (declared.headers, came):
        assert migrations.as_it_stands(declared, stands, layout).headers == stands
        for lost in ("date", "leads_total", "cells_used_ratio"):
            row = [name if name != lost else "" for name in stands]
            assert migrations.as_it_stands(declared, row, layout).headers == stands
    assert migrations.as_it_stands(declared, [*came[:-1], ""], layout).headers == came
    assert migrations.as_it_stands(declared, old.headers, layout).headers[: len(old.headers)] == old.headers


def test_without_its_record_a_migration_counts_as_made_when_the_tables_show_it():
    plain, wide = Migration("8", ""), Migration("9", "", {"master": ("a", "b"), "batch.box1": ("a",)})
    writing = Migration("10", "", requests=lambda _layout: [])
    assert plain.evident({"master": ["x"]})
    assert wide.evident({"master": ["x", "b", "a"], "batch.box1.2": ["a"], "history": ["y"]})
    assert not wide.evident({"master": ["x", "b", "a"], "batch.box1.2": ["b"]})
    assert not wide.evident({"master": ["x", "b"]})
    assert not writing.evident({"master": ["x"]})


ALL_OF_STATE = ("0.2.0-checksums", "0.6.0-journal-in-the-store", "0.7.0-cache-file")


def test_the_state_folder_of_the_first_version_is_taken_over_into_the_cache_file_and_recorded(tmp_path):
    (tmp_path / "cache").mkdir()
    facts = tmp_path / "workbook-abc.json"
    facts.write_bytes(orjson.dumps({"sequence": 7}))
    damaged = tmp_path / "workbook-def.json"
    damaged.write_bytes(b'{"sequence": 7')
    cache = tmp_path / "cache" / "abc.leads.json"
    cache.write_bytes(b'{"leads": []}')

    assert state_migrations.migrate(tmp_path) == ALL_OF_STATE

    assert state.load_facts(tmp_path, "abc") == {"sequence": 7}
    assert state.load_facts(tmp_path, "def") == {}
    assert {path.name for path in tmp_path.iterdir()} == {
        "cache.db",
        "version.json",
        "workbook-def.json.damaged-1",
    }
    assert (tmp_path / "workbook-def.json.damaged-1").read_bytes() == b'{"sequence": 7'
    assert state_migrations.migrate(tmp_path) == ()


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    assert state_migrations.migrate(tmp_path / "none") == ()
    assert not (tmp_path / "none").exists()


def test_a_folder_of_a_newer_version_is_left_alone(tmp_path):
    state_migrations.migrate(tmp_path)
    body = orjson.dumps(
        [*orjson.loads(state_files.unsealed((tmp_path / "version.json").read_bytes())), "9.9.0-more"]
    )
    (tmp_path / "version.json").write_bytes(state_files.sealed(body))
    with pytest.raises(SettingsError, match=r"newer version.*9\.9\.0-more"):
        state_migrations.migrate(tmp_path)


@pytest.mark.parametrize("content", [b"", b"null", b"[1]", b"\0\1", b'{"a": 1}'])
def test_a_damaged_record_is_set_aside_and_the_migrations_are_made_again(tmp_path, content):
    (tmp_path / "version.json").write_bytes(content)
    assert state_migrations.migrate(tmp_path) == ALL_OF_STATE
    assert list(tmp_path.glob("version.json.damaged-*"))
    assert state_migrations.migrate(tmp_path) == ()


def test_a_tab_that_was_out_of_use_gets_what_migrations_brought_meanwhile(monkeypatch):
    added = Migration("9.9.9-domain", "A column.", {"input.box1": ("domain",)})
    monkeypatch.setattr(migrations, "MIGRATIONS", (added,))
    spec = next(spec for spec in FEATURES.specs(Schema(STEPS), {}) if spec.key == "input.box1")
    row = [name for name in spec.headers if name != "domain"]
    tab = TabInfo(1, "Box1 Input", 0, hidden=True, rows=2, columns=len(row), mark="input.box1")
    info = WorkbookInfo("id", "CRM", "es_ES", "Europe/Madrid", (tab,))
    for steps, new in ((("verification",), ("domain",)), (BUILT_IN, ())):
        keys = ("version", *(f"next_batch.{name}" for name in steps))
        existing = Existing(info, {"input.box1": row}, system=keys, migrated=added.name)
        assert _new_headers(existing, Schema(STEPS), spec) == new
