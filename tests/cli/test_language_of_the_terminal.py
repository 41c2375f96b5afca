"""The terminal speaks the workbook's language, whole messages at a time; scripts read English."""

import ast
import json
import re
from pathlib import Path

import pytest

import sheets_crm
from sheets_crm.cli import failures, render
from sheets_crm.cli.run import exit_status
from sheets_crm.config import language_of
from sheets_crm.engine.report import Report, Table
from sheets_crm.errors import FileError, RefusedPlan, SettingsError
from sheets_crm.messages import Moment, in_language, said
from sheets_crm.workbook.cells import spelled

PACKAGE = Path(sheets_crm.__file__).parent


def told(error, capsys, language):
    failures.report(error, wants_json=True, trace=False, language=language)
    out, err = capsys.readouterr()
    return err.splitlines(), json.loads(out)["error"]


def test_a_failure_is_told_in_the_workbooks_language_and_to_scripts_in_english(capsys):
    error = FileError(
        said("file.missing", path="a.csv"), remedy=said("file.missing.remedy"), state=said("not_merged")
    )
    lines, body = told(error, capsys, "es")
    assert lines == [
        "Error: a.csv: no existe ese archivo.",
        "Estado: No se importó nada.",
        "Qué hacer: Revisa el nombre y la carpeta.",
    ]
    assert body["message"] == "a.csv: file not found."
    assert told(error, capsys, "en")[0][2] == "Next: Check the name and the folder."


def test_a_stop_is_told_by_its_cause(capsys):
    stop = RefusedPlan(
        "The Master has 18 leads; it had 64.",
        cause="master_shrank:64:18",
        numbers={"before": 64, "now": 18},
        remedy="Restore the rows.",
        state=said("unchanged"),
    )
    lines, body = told(stop, capsys, "es")
    assert lines[0] == "Error: La Master tiene 18 leads; tenía 64."
    assert lines[1] == "Estado: No se cambió nada."
    assert body["message"] == "The Master has 18 leads; it had 64."


def test_a_failure_of_which_a_part_has_no_translation_is_english_as_a_whole(capsys):
    lines, _ = told(FileError(said("file.missing", path="a"), remedy="Ask whoever made it."), capsys, "es")
    assert lines == ["Error: a: file not found.", "Next: Ask whoever made it."]


def test_all_problems_of_settings_are_told_in_the_language_of_the_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sheets_crm.toml").write_text(
        'language = "es"\nprompts = 0\nparts = {box9 = 2}\nstale = 1\npipeline = ["x"]\n'
    )
    assert exit_status(["status"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Error: 6 problemas con los ajustes."
    assert lines[-1].startswith("Qué hacer: Corrígelos")
    assert any("paso desconocido: box9 (¿querías decir box1?)" in line for line in lines)
    assert any("mayor o igual que 1" in line for line in lines)
    assert not re.search(r"\b(unknown|should|not set|input)\b", "\n".join(lines))


@pytest.mark.parametrize(
    ("text", "now", "problem", "remedy"),
    [
        ("prompts = 0\n", "", "prompts: tiene que ser mayor o igual que 1", "Qué hacer: Corrígelo y "),
        ("prompts = 2\n", "soon", "SHEETS_CRM_NOW: no es una hora ISO: soon (", "Qué hacer: Corrígelos y "),
        ('language = "en"\n', "soon", "SHEETS_CRM_NOW: not an ISO time: soon (", "Next: Correct them and "),
    ],
)
def test_wrong_settings_are_told_in_the_language_that_the_file_would_have(
    tmp_path, monkeypatch, capsys, text, now, problem, remedy
):
    """Spanish is the default of a file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHEETS_CRM_LANGUAGE", raising=False)
    monkeypatch.setenv("SHEETS_CRM_NOW", now)
    book = 'spreadsheet_id = "b"\ncredentials = "k"\n' if not now else ""
    (tmp_path / "sheets_crm.toml").write_text(book + text)
    assert exit_status(["status"]) == 2
    err = capsys.readouterr().err
    assert problem in err
    assert remedy in err


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('language = "es"\n', "es"),
        ("language='en' # ours\n[[steps]\n", "en"),  # the rest of the file is no TOML
        ('language = "fr"\n', ""),
        ("prompts = 1\n", ""),
    ],
)
def test_the_language_is_known_before_the_settings_are(tmp_path, text, language, monkeypatch):
    monkeypatch.delenv("SHEETS_CRM_LANGUAGE", raising=False)
    (tmp_path / "a.toml").write_text(text)
    assert language_of(tmp_path / "a.toml") == language
    assert language_of(tmp_path / "none.toml") == ""


@pytest.mark.parametrize("text", ['language = "es"\n', "prompts = 2\n"])  # Spanish is the default of a file
def test_wrong_use_is_told_in_the_language_too(text, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("SHEETS_CRM_LANGUAGE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sheets_crm.toml").write_text(text)
    assert exit_status(["forget", "17"]) == 2
    err = capsys.readouterr().err
    assert "Error: borrar no se puede deshacer" in err
    assert "Usage" not in err
    assert exit_status(["forget"]) == 2
    assert "falta 'LEAD'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ("https://example.com/x", "Error: --on: no es el id ni la dirección de una hoja de cálculo (p. ej. "),
        ("", "Error: --on: no se nombra ninguna hoja de cálculo."),
    ],
)
def test_a_spreadsheet_that_is_none_is_told_in_the_language_too(tmp_path, capsys, named, problem):
    settings = tmp_path / "s.toml"
    settings.write_text('spreadsheet_id = "b"\ncredentials = "k"\n', encoding="utf-8")
    assert exit_status(["--config", str(settings), "doctor", "--probe", "--on", named]) == 2
    assert problem in capsys.readouterr().err


def test_a_report_has_headings_counts_and_values_of_its_language():
    report = Report(
        said("done", parts=[said("done.new", count=3560), said("done.rejected", count=1)]),
        {said("fact.leads"): 3560, said("fact.zone"): "Europe/Madrid"},
        [Table(said("table.files"), (said("column.path"), said("column.rows")), [("a.csv", 3560), (True, 0.25)])],
    )
    assert list(render.lines(report, "es")) == [
        "Hecho: 3.560 filas nuevas, 1 fila rechazada.",
        "leads:         3.560",
        "zona horaria:  Europe/Madrid",
        "",
        "Archivos",
        "archivo  filas",
        "a.csv    3.560",
        "sí       0,25",
    ]
    assert next(render.lines(report)) == "Done: 3,560 rows new, 1 row rejected."
    assert report.as_json()["title"] == "Done: 3,560 rows new, 1 row rejected."


FAILURES = {
    "SettingsError",
    "CredentialsError",
    "NotInstalled",
    "FileError",
    "SheetError",
    "TabGone",
    "AccessError",
}
FAILURES |= {"Retryable", "UnknownOutcome", "WorkbookBusy", "Conflict"}


def raised():
    """Every failure of the product that the source raises, with its place; stops are told by their cause."""
    for path in PACKAGE.rglob("*.py"):
        if "emulator" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FAILURES:
                yield f"{path.name}:{node.lineno}", node


@pytest.mark.long
def test_no_failure_is_raised_with_a_text_of_one_language():
    literal = {
        where
        for where, call in raised()
        for part in (*call.args[:1], *(one.value for one in call.keywords if one.arg in {"remedy", "state"}))
        if isinstance(part, ast.JoinedStr | ast.Constant)
    }
    probes = {where for where in literal if where.startswith(("throwaway", "recording_file", "verbs"))}
    assert literal - probes == set()


def test_settings_errors_keep_their_problems_for_scripts(capsys):
    error = SettingsError(said("settings.problems", count=2), problems=[said("reason_blank"), said("give_lead")])
    lines, body = told(error, capsys, "es")
    assert lines[1:3] == [f"  - {text.localized('es')}" for text in error.problems]
    assert body["problems"] == [str(text) for text in error.problems]


def test_days_and_times_are_written_as_the_language_writes_them_and_to_scripts_in_iso(capsys):
    when = spelled(46_356.5)
    report = Report("x", {"day": Moment("2026-11-30")}, [Table("", ["when"], [[when]])], json={"when": when})
    assert list(render.lines(report, "es")) == ["x", "day:  30/11/2026", "", "when", "30/11/2026 12:00"]
    assert "2026-11-30 12:00" in list(render.lines(report, "en"))
    assert str(said("imported_before", source="a.csv", when=when)).count("2026-11-30 12:00") == 1
    assert "30/11/2026 12:00" in in_language(said("imported_before", source="a.csv", when=when), "es")
    render.show(report, as_json=True, language="es")
    assert json.loads(capsys.readouterr().out)["when"] == "2026-11-30 12:00"
    assert Moment("never").localized("es") == "never"
