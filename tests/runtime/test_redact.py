import pytest

from runtime.redact import HIDDEN, redacted, scrubbed


@pytest.mark.parametrize(
    "name", ["token", "password", "smtp_password", "secret", "Authorization", "api_key", "tokens"]
)
def test_values_of_telling_names_are_hidden(name: str):
    assert redacted(name, "sesame") == HIDDEN


@pytest.mark.parametrize("name", ["reference", "run_id", "token_id", "secretary", "path"])
def test_other_names_keep_their_values(name: str):
    assert redacted(name, "sesame") == "sesame"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://ana:sesame@db/x", "postgresql://[hidden]@db/x"),
        ("redis://:sesame@127.0.0.1:6379/0 is gone", "redis://[hidden]@127.0.0.1:6379/0 is gone"),
        ("Authorization: Bearer sesame.sesame", "Authorization: Bearer [hidden]"),
        ("host=db password=sesame user=ana", "host=db password=[hidden] user=ana"),
        ("assay_" + "s" * 43 + " opens nothing", "[hidden] opens nothing"),
        ("https://assay.example/runs/1", "https://assay.example/runs/1"),
        ("write to ana@example.org", "write to ana@example.org"),
        ("the token is old", "the token is old"),
        ("env:SALES_PASSWORD cannot be read", "env:SALES_PASSWORD cannot be read"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out_of_text(text: str, shown: str):
    assert scrubbed(text) == shown


def test_values_within_values_are_looked_at():
    said = {"headers": {"authorization": "sesame", "accept": "*/*"}, "urls": ["a://b:c@d"], "n": 1}

    assert redacted("request", said) == {
        "headers": {"authorization": HIDDEN, "accept": "*/*"},
        "urls": [f"a://{HIDDEN}@d"],
        "n": 1,
    }
