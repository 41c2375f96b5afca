"""Tokens: from one secret, one for each kind and source."""

from sheets_crm.receiver.tokens import is_token, token

# printf 'instantly' | openssl dgst -sha256 -hmac 's3cret'
INSTANTLY = "fc9726446647a3142a840a291291c4eb231c0405c7a08ccc91a5582557b41a80"
# printf 'leads:berlin' | openssl dgst -sha256 -hmac 's3cret'
BERLIN = "e20b0b2258744af428d054a338e85e604fdb7d7308c834c0f32ceae1774779f2"


def test_a_token_is_an_hmac_of_kind_and_source():
    assert token(b"s3cret", "instantly") == INSTANTLY
    assert token(b"s3cret", "leads", "berlin") == BERLIN


def test_a_line_end_of_the_file_is_no_part_of_the_secret():
    assert token(b"s3cret\r\n", "instantly") == token(b" s3cret\n", "instantly") == INSTANTLY


def test_another_secret_kind_or_source_has_another_token():
    others = {
        token(b"other", "instantly"),
        token(b"s3cret", "leads"),
        token(b"s3cret", "leads", "x"),
        INSTANTLY,
        BERLIN,
    }
    assert len(others) == 5


def test_nothing_but_the_token_itself_is_one():
    assert is_token(INSTANTLY, INSTANTLY)
    for wrong in ("", INSTANTLY[:-1], INSTANTLY + "0", INSTANTLY.upper(), "ñ" * 64, "\udc80" * 64):
        assert not is_token(wrong, INSTANTLY)
