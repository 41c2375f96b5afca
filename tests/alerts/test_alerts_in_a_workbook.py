"""Alerts and notices of a workbook over HTTP: what stands in its tabs, on Control, and in the channel."""

import datetime as dt
import json
import time

import pytest
from workbench import Desk

from jobs.stopper import Stopper
from sheets_crm import bootstrap, scheduling
from sheets_crm.alerts.rules import FailedJob
from sheets_crm.bootstrap import alerts as alerts_of
from sheets_crm.cli.run import exit_status
from sheets_crm.config import Settings
from sheets_crm.config_alerts import Alerts
from sheets_crm.engine.session import RunRequest

pytestmark = pytest.mark.long


FORMULAS = ("Control", "Dashboard", "History", "Lead Profile", "Log", "System", "Versiones")
"""Tabs that have other formulas, lines or columns when a module comes."""


class Bench:
    """A workbook, its channel, and the job of alerts, whose clock the test moves."""

    def __init__(self, desk, channel, **more):
        self.desk, self.channel, self.failed = desk, channel, []
        desk.settings = Settings(**{**desk.settings.model_dump(), **more})
        desk.app = desk.worker()
        wire = bootstrap.wire_of(desk.settings, desk._sleep, lambda: None)
        self.alerting = alerts_of.alerting(
            desk.settings,
            desk.app.store,
            wire,
            clock=lambda: desk.now,
            sleep=desk._sleep,
            failed_jobs=lambda: tuple(self.failed),
        )

    def whole(self):
        self._run(self.alerting.whole())

    def at_once(self):
        self._run(self.alerting.at_once())

    def _run(self, commands):
        if commands:
            self.desk.app.context.run(RunRequest(now=True, commands=commands))

    def on_control(self):
        return [text for text in self.desk.problems() if text.startswith("Aviso · ")]


def told(webhook_file, **more):
    return Alerts(slack_webhook_file=webhook_file, **more)


def stale(desk: Desk, days=8):
    """Send three leads to verification, and let days pass."""
    desk.tick("Verification Input", 3)
    desk.sync()
    desk.sync()
    desk.now += days * 86_400


def test_without_a_module_alerts_go_to_slack_once_and_no_tab_is_made(open_desk, channel, webhook_file):
    desk = open_desk("imported")
    titles = desk.titles()
    bench = Bench(desk, channel, alerts=told(webhook_file))
    stale(desk)
    bench.whole()
    (digest,) = channel.texts()
    assert "El lote V-0001 lleva 8 días fuera; leads sin volver: 3" in digest
    assert f"https://docs.google.com/spreadsheets/d/{desk.sheet_id}/edit#gid=" in digest
    bench.whole()
    bench.at_once()
    assert channel.texts() == [digest]
    assert desk.titles() == titles
    desk.tick("Batches", 1, column="J")  # close
    desk.sync()
    bench.whole()
    assert channel.texts()[1:] == ["Resuelto: El lote V-0001 lleva 8 días fuera; leads sin volver: 3."]
    bench.whole()
    assert len(channel.texts()) == 2


def test_a_job_that_fails_stands_on_control_until_it_works_again(open_desk, channel, webhook_file):
    desk = open_desk("imported")
    bench = Bench(desk, channel, alerts=told(webhook_file))
    bench.whole()
    channel_before = channel.texts()
    bench.failed = [FailedJob("feeds", "no answer")]
    bench.at_once()
    (told_now,) = channel.texts()[len(channel_before) :]
    assert told_now.startswith("Urgente: El trabajo feeds falla: no answer. Quien lleva el sistema:")
    (line,) = bench.on_control()
    assert line.startswith("Aviso · El trabajo feeds falla: no answer.")
    desk.tick("Verification Input", 1)
    desk.sync()
    assert bench.on_control() == [line]  # a run that has other things to do keeps it
    bench.failed = []
    bench.at_once()
    assert bench.on_control() == []


def test_a_webhook_that_was_revoked_is_said_on_control_and_what_waits_is_sent_by_the_next_one(
    open_desk, channel, webhook_file
):
    desk = open_desk("imported")
    bench = Bench(desk, channel, alerts=told(webhook_file))
    channel.answers("no_service")
    bench.failed = [FailedJob("feeds", "no answer")]
    bench.at_once()
    assert channel.texts() == []
    assert "Slack ya no acepta mensajes en la dirección del webhook (404 no_service)" in bench.on_control()[-1]
    channel.answers("ok")
    desk.now += 3_600
    bench.whole()
    assert "El trabajo feeds falla" in channel.texts()[0]
    assert not any("webhook" in line for line in bench.on_control())


@pytest.fixture
def on(open_desk, channel, webhook_file):
    """A workbook in use on which the module was switched on."""
    desk = open_desk("imported")
    before = desk.everything(*FORMULAS)
    bench = Bench(desk, channel, modules=["instantly"], alerts=told(webhook_file))
    desk.init()
    desk.sync()
    bench.before = before
    return bench


def test_a_module_brings_the_tabs_and_moves_nobody_s_cells(on):
    after = on.desk.everything(*FORMULAS)
    assert {"Avisos", "Notificaciones"} <= set(after)
    # Columns of modules stand right of all others.
    narrowed = {title: [row[: len(cells[0])] for row in after[title]] for title, cells in on.before.items()}
    assert narrowed == on.before
    rows = on.desk.rows("Notificaciones")
    assert [(row["evento"], row["por"], row["activa"]) for row in rows] == [
        ("respuesta", "slack", True),
        ("respuesta positiva", "slack", True),
        ("pregunta", "slack", True),
    ]


def alert_rows(desk):
    """The rows of Alerts, by the cause that they are about."""
    header, *body = desk.stored("Avisos")
    rows = [dict(zip(header, row, strict=True)) for row in body if any(cell not in {"", False} for cell in row)]
    return {row["_about"]: row for row in rows}


def test_rows_come_and_go_with_their_causes_and_what_operators_say_stays(on):
    desk = on.desk
    stale(desk)
    on.whole()
    rows = alert_rows(desk)
    row = rows["stale_batch V-0001"]
    assert row["aviso"].startswith("A-000")
    assert row["gravedad"] == "aviso"
    assert row["veces"] == 1
    place = [line[0] for line in desk.stored("Avisos")].index(row["aviso"]) + 1
    seen = desk.stored("Avisos")[0].index("visto")
    desk.put("Avisos", f"{chr(ord('A') + seen)}{place}", [[True]])
    desk.sync()
    desk.sync()
    desk.now += 86_400
    on.whole()
    again = alert_rows(desk)["stale_batch V-0001"]
    assert again["visto"] is True
    assert "9 días" in again["causa"]
    desk.tick("Batches", 1, column="J")
    desk.sync()
    on.whole()
    assert "stale_batch V-0001" not in alert_rows(desk)


def test_a_row_that_somebody_types_is_told_that_alerts_are_made_by_the_system(on):
    desk = on.desk
    on.whole()
    header, *body = desk.stored("Avisos")
    place = 2 + sum(any(cell not in {"", False} for cell in row) for row in body)
    desk.put("Avisos", f"{chr(ord('A') + header.index('visto'))}{place}", [[True]])
    desk.sync()
    desk.sync()
    on.whole()
    typed = alert_rows(desk)[""]
    assert typed["aviso"].startswith("A-")
    assert typed["problema"].startswith("Los avisos los pone el sistema")


def test_a_row_that_was_deleted_stays_deleted_while_its_cause_is_there(on):
    desk = on.desk
    stale(desk)
    on.whole()
    on.whole()  # by now the row's key is known
    keys = [line[0] for line in desk.stored("Avisos")]
    place = keys.index(alert_rows(desk)["stale_batch V-0001"]["aviso"])
    rows = {"sheetId": desk.tab_id("Avisos"), "dimension": "ROWS", "startIndex": place, "endIndex": place + 1}
    desk.structure({"deleteDimension": {"range": rows}}, who="operator")
    desk.sync()
    on.whole()
    on.whole()
    assert "stale_batch V-0001" not in alert_rows(desk)


def test_notices_are_told_as_their_table_says(on, channel):
    on.whole()
    before = len(channel.texts())
    on.alerting.notify("reply", "Respuesta del lead 7, Acme", "https://one.example/7", key="7")
    on.alerting.notify("reply", "Respuesta del lead 7, Acme", "https://one.example/7", key="7")
    on.alerting.notify("deal won", "Venta del lead 8", key="8")
    on.at_once()
    assert channel.texts()[before:] == ["Respuesta del lead 7, Acme https://one.example/7"]
    for n in range(9):
        on.alerting.notify("question", f"Pregunta {n}", key=str(n))
    on.at_once()
    assert channel.texts()[before + 1 :] == [
        "\n".join(["9 cosas han pasado:", *(f"• Pregunta {n}" for n in range(9))])
    ]


def test_switched_off_again_the_tabs_are_hidden_and_keep_what_they_have(on):
    desk = on.desk
    stale(desk)
    on.whole()
    rows = desk.stored("Avisos")
    desk.settings = Settings(**{**desk.settings.model_dump(), "modules": [], "alerts": None})
    desk.app = desk.worker()
    desk.init()
    desk.sync()
    tabs = {tab.title: tab for tab in desk.app.context.gateway.info().tabs}
    assert tabs["Avisos"].hidden
    assert tabs["Notificaciones"].hidden
    assert desk.stored("Avisos") == rows


# -- the verbs


def command(bench, *words, alerts=""):
    """Give a command on the workbook in this process."""
    desk = bench.desk
    settings = desk.directory / "alerts.toml"
    settings.write_text(
        f'spreadsheet_id = "{desk.sheet_id}"\ncredentials = "{desk.settings.credentials}"\n'
        f'endpoint = "{desk.server.url}"\nstate_dir = "{desk.settings.state_dir}"\nsettle_seconds = 0\n{alerts}',
        encoding="utf-8",
    )
    return exit_status(["--config", str(settings), *words])


def test_the_verb_tells_once_and_is_there_only_where_somebody_is_told(open_desk, channel, webhook_file, capsys):
    bench = Bench(open_desk("imported"), channel)
    desk = bench.desk
    stale(desk, days=0)
    assert command(bench, "job", "alerts") == 2
    assert "alerts" not in capsys.readouterr().out
    assert command(bench, "job", "list", "--json") == 0
    assert "alerts" not in [row["name"] for row in json.loads(capsys.readouterr().out)["rows"]]
    told_to = f'stale_days = 1\n[alerts]\nslack_webhook_file = "{webhook_file}"\n'
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    for _ in range(2):
        assert command(bench, "job", "alerts", "--as-of", later.isoformat(), alerts=told_to) == 0
    assert sum("El lote V-0001 lleva" in text for text in channel.texts()) == 1
    capsys.readouterr()
    assert command(bench, "job", "list", "--json", alerts=told_to) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    assert (rows["alerts"]["trigger"], rows["alerts"]["outcome"]) == ("2h", "done")


def found_by_doctor(desk):
    app = bootstrap.application(desk.settings, sleep=desk._sleep, clock=lambda: desk.now)
    return [one for one in app.doctor(probe=False).json["findings"] if one["check"] == "alerts"]


def test_doctor_says_whether_slack_can_be_told_and_how_it_answered_last(open_desk, channel, webhook_file):
    desk = open_desk("imported")
    assert found_by_doctor(desk) == []
    bench = Bench(desk, channel, alerts=told(webhook_file))
    (never,) = found_by_doctor(desk)
    assert never["ok"]
    bench.failed = [FailedJob("feeds", "no answer")]
    bench.at_once()
    (fine,) = found_by_doctor(desk)
    assert fine["ok"]
    assert "200 ok" in fine["found"]
    channel.answers("channel_is_archived")
    bench.failed = [FailedJob("sources", "no answer")]
    bench.at_once()
    (revoked,) = found_by_doctor(desk)
    assert not revoked["ok"]
    assert "410 channel_is_archived" in revoked["found"]
    webhook_file.unlink()
    (missing,) = found_by_doctor(desk)
    assert not missing["ok"]
    assert str(webhook_file) in missing["found"]
    assert "Incoming Webhooks" in missing["remedy"]


def test_a_worker_tells_by_itself_and_its_next_run_shows_it(open_desk, channel, webhook_file):
    bench = Bench(open_desk("imported"), channel, modules=["instantly"], alerts=told(webhook_file))
    desk = bench.desk
    desk.init()
    desk.sync()
    desk.settings = Settings(
        **{**desk.settings.model_dump(), "interval_seconds": 1, "jobs": {"heartbeat": "off", "feeds": "off"}}
    )
    until = time.monotonic() + 60

    def sleep(_seconds):
        if (channel.texts() and "low_feed" in alert_rows(desk)) or time.monotonic() > until:
            stopper.stop()

    stopper = Stopper(sleep)
    scheduling.run_worker(desk.settings, stopper=stopper)
    assert len(channel.texts()) == 1
    assert "Los leads listos para enviar duran" in channel.texts()[0]
    assert "low_feed" in alert_rows(desk)
