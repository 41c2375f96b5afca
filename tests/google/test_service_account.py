"""The credentials file: all its problems at once, none of its secrets."""

import json

import pytest
from fake_google import FakeGoogle

from sheets_crm.errors import CredentialsError
from sheets_crm.google.credentials import SHEETS_SCOPE, load_service_account


def edited(path, **changes):
    info = json.loads(path.read_text())
    info.update(changes)
    path.write_text(json.dumps({k: v for k, v in info.items() if v is not None}))
    return path


def test_a_good_file(account_file, google: FakeGoogle):
    account = load_service_account(account_file)
    assert account.email == "robot@p.iam.gserviceaccount.com"
    assert account.token_uri == google.url + "/token"
    assert account.warnings == ()
    assert account.credentials().scopes == [SHEETS_SCOPE]
    assert len(account.credentials(creating=True).scopes) == 2


def test_its_repr_has_no_key(account_file):
    assert "PRIVATE" not in repr(load_service_account(account_file))


def test_a_file_with_a_byte_order_mark(account_file):
    account_file.write_bytes(b"\xef\xbb\xbf" + account_file.read_bytes())
    assert load_service_account(account_file).email


def test_a_file_others_may_read_is_warned_of(account_file):
    account_file.chmod(0o644)
    (warning,) = load_service_account(account_file).warnings
    assert "chmod 600" in warning
    assert "0644" in warning


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[1]", "not hold a JSON object"),
        ('{"installed": {"client_secret": "SECRET"}}', "OAuth client for desktop"),
        ('{"web": {"client_secret": "SECRET"}}', "OAuth client for web"),
        ('{"type": "authorized_user", "refresh_token": "SECRET"}', "person's own login"),
        ('{"type": "external_account"}', "workload-identity"),
    ],
)
def test_foreign_files_are_explained(tmp_path, content, words):
    path = tmp_path / "c.json"
    path.write_text(content)
    with pytest.raises(CredentialsError, match=words) as caught:
        load_service_account(path)
    assert "SECRET" not in str(caught.value) + caught.value.remedy
    assert "service-account key" in caught.value.remedy


def test_a_missing_file(tmp_path):
    with pytest.raises(CredentialsError, match="Credentials file not found"):
        load_service_account(tmp_path / "none.json")


def test_a_directory(tmp_path):
    with pytest.raises(CredentialsError, match="cannot be read"):
        load_service_account(tmp_path)


def test_all_missing_fields_are_named(account_file):
    with pytest.raises(CredentialsError) as caught:
        load_service_account(edited(account_file, client_email=None, private_key=None))
    assert caught.value.problems == ["client_email is missing.", "private_key is missing."]


def test_all_bad_fields_are_named(account_file):
    with pytest.raises(CredentialsError) as caught:
        load_service_account(
            edited(account_file, type="other", client_email="x", private_key="y", token_uri="http://example.com/")
        )
    assert len(caught.value.problems) == 4


def test_the_example_is_not_taken_for_a_key(account_file):
    key = "-----BEGIN PRIVATE KEY-----\nPASTE THE KEY FROM THE FILE GOOGLE GAVE YOU\n-----END PRIVATE KEY-----\n"
    with pytest.raises(CredentialsError, match="private_key"):
        load_service_account(edited(account_file, private_key=key))


def test_a_broken_key_is_not_quoted(account_file):
    key = "-----BEGIN PRIVATE KEY-----\nTOPSECRET\n-----END PRIVATE KEY-----\n"
    with pytest.raises(CredentialsError, match="PEM") as caught:
        load_service_account(edited(account_file, private_key=key))
    assert "TOPSECRET" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
