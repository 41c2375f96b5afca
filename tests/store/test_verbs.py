"""The verbs of the store over the command line, in both languages."""

import json
import sqlite3
from contextlib import closing

import pytest

from sheets_crm import bootstrap
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.values import StoreClaim
from sheets_crm.cli.run import exit_status
from sheets_crm.store import backups, migrating, opening
from sheets_crm.store.claims import StoredClaims
from tests.store.test_claims import confirmed


@pytest.fixture
def command(open_desk, tmp_path, monkeypatch, capfd):
    """Gives a command on a workbook with leads; the result is its exit status, output and errors."""
    desk = open_desk("imported")
    settings = tmp_path / "sheets_crm.toml"
    monkeypatch.chdir(tmp_path)

    def given(*words, language="en"):
        settings.write_text(
            f'spreadsheet_id = "{desk.sheet_id}"\ncredentials = "{desk.settings.credentials}"\n'
            f'endpoint = "{desk.server.url}"\nstate_dir = "{desk.settings.state_dir}"\nlanguage = "{language}"\n'
        )
        status = exit_status([*map(str, words)])
        said = capfd.readouterr()
        return status, said.out, said.err

    given.desk = desk
    return given


def changes(path):
    with closing(sqlite3.connect(path)) as file:
        return file.execute("SELECT count(*) FROM changes").fetchone()[0]


@pytest.mark.long
def test_a_backup_is_made_and_restored(command):
    desk = command.desk
    status, out, _ = command("store", "backup", "--json")
    backup = json.loads(out)["backup"]
    assert (status, changes(backup)) == (0, 40)
    desk.tick("Verification Input")
    desk.sync()
    assert changes(desk.app.store.file) > 40

    status, out, _ = command("store", "restore", backup, language="es")

    assert status == 0
    assert "Se restauró el almacén" in out
    assert changes(desk.app.store.file) == 40


@pytest.mark.long
def test_who_was_erased_since_is_erased_from_a_restored_store_again(command):
    desk = command.desk
    lead = next(iter(desk.leads().values()))
    backup = desk.app.store_backup().json["backup"]
    kept = desk.directory / "elsewhere.db"  # `forget` reaches the backups of the state folder, no copy of one
    kept.write_bytes((desk.directory / backup).read_bytes())
    desk.app.forget(str(lead["LeadNumber"]))

    status, out, _ = command("store", "restore", kept, "--json")

    assert (status, json.loads(out)["erased_again"]) == (0, 1)
    for path in desk.settings.state_dir.rglob("*.db*"):
        assert lead["personSalesUrl"].encode() not in path.read_bytes(), path


@pytest.mark.long
def test_who_was_erased_since_is_erased_from_the_messages_of_a_restored_store_again(open_desk):
    """Though the journal that is restored has nothing of them."""
    desk = open_desk("verified")
    lead = next(lead for lead in desk.leads().values() if "@" in str(lead["email"]))
    row = Enrolment(
        enrolment="N-0001", lead_number=str(lead["LeadNumber"]), address=lead["email"], campaign_id="K-01"
    )
    claims = StoredClaims(desk.app.store, desk.sheet_id)
    confirmed(claims, 1, StoreClaim(row=row))
    kept = desk.directory / "elsewhere.db"
    kept.write_bytes((desk.directory / desk.app.store_backup().json["backup"]).read_bytes())
    with closing(sqlite3.connect(kept)) as file:
        file.execute("DELETE FROM changes")
        file.commit()
    desk.app.forget(str(lead["LeadNumber"]))
    assert claims.latest()["N-0001"].row.address == ""

    desk.app.store_restore(kept)

    assert claims.latest()["N-0001"].row.address == ""
    for path in desk.settings.state_dir.rglob("*.db*"):
        assert lead["email"].encode() not in path.read_bytes(), path


@pytest.mark.long
@pytest.mark.parametrize(("language", "said"), [("en", "no backup of a store"), ("es", "no es una copia")])
def test_what_is_no_backup_is_refused_and_changes_nothing(command, tmp_path, language, said):
    before = changes(command.desk.app.store.file)
    (tmp_path / "other.db").write_bytes(b"7" * 5_000)
    status, _, errors = command("store", "restore", tmp_path / "other.db", language=language)
    assert (status, said in errors) == (1, True)
    status, _, errors = command("store", "restore", tmp_path / "absent.db", language=language)
    assert (status, "absent.db" in errors) == (1, True)
    assert changes(command.desk.app.store.file) == before


@pytest.mark.long
@pytest.mark.parametrize("work", ["store_backup", "store_restore"])
def test_a_store_in_postgresql_is_backed_up_by_its_own_means(open_desk, tmp_path, work):
    desk = open_desk("initialised")
    settings = desk.settings.model_copy(update={"database": "postgresql+psycopg://one.example/crm"})
    app = bootstrap.application(settings)
    with pytest.raises(bootstrap.SettingsError) as refused:
        getattr(app, work)(*([tmp_path] if work == "store_restore" else []))
    assert "pg_dump" in refused.value.remedy


@pytest.mark.long
def test_the_mirror_is_rebuilt_from_the_workbook(command):
    file = command.desk.app.store.file
    with closing(sqlite3.connect(file)) as store:
        store.execute("UPDATE leads SET email = 'written by SQL'")
        store.commit()
    status, out, _ = command("store", "rebuild", "--json")
    assert (status, json.loads(out)["leads"]) == (0, 40)
    with closing(sqlite3.connect(file)) as store:
        assert store.execute("SELECT count(*) FROM leads WHERE email = 'written by SQL'").fetchone() == (0,)
    status, out, _ = command("store", "rebuild", language="es")
    assert (status, "se rehízo desde el libro: 40 leads" in out) == (0, True)


@pytest.mark.long
def test_a_restored_store_has_the_leads_of_the_workbook_and_a_backup_has_none(command):
    desk = command.desk
    backup = json.loads(command("store", "backup", "--json")[1])["backup"]
    with closing(sqlite3.connect(backup)) as file:
        assert file.execute("SELECT count(*) FROM leads").fetchone() == (0,)
    command("store", "restore", backup)
    with closing(sqlite3.connect(desk.app.store.file)) as file:
        assert file.execute("SELECT count(*) FROM leads").fetchone() == (40,)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "nothing to take over"), ("es", "No hay nada que tomar a cargo")]
)
def test_there_is_nothing_to_adopt_as_nothing_sends(command, language, said):
    status, _, errors = command("store", "adopt", language=language)
    assert (status, said in errors) == (2, True)


@pytest.mark.long
@pytest.mark.parametrize("version", ["0001", "0002"])
def test_a_store_of_an_earlier_version_is_migrated_by_a_rebuild_after_a_backup(command, version):
    file, folder = command.desk.app.store.file, command.desk.settings.state_dir
    file.unlink()
    opening.create_file(file)
    with opening.connected_file(file).execution_options(writes=True).begin() as connection:
        migrating.migrate(connection, version)
    status, out, _ = command("store", "rebuild", "--json")
    assert (status, json.loads(out)["leads"]) == (0, 40)
    (backup,) = backups.kept(folder)
    assert backups.version_in(backup, backup.parent) == version
