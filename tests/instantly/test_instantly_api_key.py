"""The file with the API key."""

import pytest

from sheets_crm.errors import CredentialsError
from sheets_crm.instantly.api_key import load_api_key


@pytest.fixture
def write(tmp_path):
    def put(content, mode=0o600):
        path = tmp_path / "key"
        path.write_bytes(content)
        path.chmod(mode)
        return path

    return put


@pytest.mark.parametrize("content", [b"abc123==", b"abc123==\n", b"\xef\xbb\xbf  abc123==\r\n"])
def test_the_key_is_the_one_word_of_its_file(write, content):
    key = load_api_key(write(content))
    assert (key.secret, key.warnings) == ("abc123==", ())
    assert "abc123" not in repr(key)


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644, 0o666])
def test_a_key_that_anybody_can_read_or_write_is_refused(write, mode):
    with pytest.raises(CredentialsError, match=f"{mode:04o}") as raised:
        load_api_key(write(b"abc123", mode))
    assert "abc123" not in repr(vars(raised.value))


@pytest.mark.parametrize("mode", [0o640, 0o660])
def test_a_key_that_the_group_can_read_is_used_with_a_warning(write, mode):
    key = load_api_key(write(b"abc123", mode))
    [warning] = key.warnings
    assert f"{mode:04o}" in warning
    assert key.secret == "abc123"


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"abc 123", b"abc\nX-Other: 1", "clavé".encode(), b"\x00", b"a" * 5000]
)
def test_a_file_with_anything_else_is_refused_without_quoting_it(write, content):
    with pytest.raises(CredentialsError) as raised:
        load_api_key(write(content))
    shown = repr(vars(raised.value)) + str(raised.value.__context__)
    assert not any(word in shown for word in ("abc", "X-Other", "clav", "aaaa"))


def test_a_missing_file_and_a_folder_are_said(tmp_path):
    with pytest.raises(CredentialsError, match="does not exist"):
        load_api_key(tmp_path / "none")
    with pytest.raises(CredentialsError, match="cannot be read"):
        load_api_key(tmp_path)
