import base64

from hypothesis import given
from hypothesis import strategies as st

from notifications.signature import derive, headers, spelt

MASTER = "m" * 32


def test_the_standards_own_example_has_the_signature_that_it_states():
    """The example of Standard Webhooks 1.0.0."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'

    signed = headers(
        key, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=body
    )

    assert signed == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_32_bytes_in_base64():
    shown = spelt(derive(MASTER, "https://a.example"))

    assert shown.startswith("whsec_")
    assert len(base64.b64decode(shown.removeprefix("whsec_"))) == 32


@given(st.text(), st.text())
def test_each_receiver_has_a_secret_of_its_own_that_stays(one: str, other: str):
    one, other = (text.encode(errors="replace").decode() for text in (one, other))

    assert derive(MASTER, one) == derive(MASTER, one)
    assert (derive(MASTER, one) == derive(MASTER, other)) is (one == other)
    assert derive(MASTER + "x", one) != derive(MASTER, one)


def test_each_of_several_keys_signs_alone():
    old, new = derive(MASTER[::-1] + "o", "https://a"), derive(MASTER, "https://a")

    def signature(*keys: bytes) -> str:
        signed = headers(*keys, message_id="m", timestamp=1, body=b"{}")
        return signed["webhook-signature"]

    assert signature(new, old) == f"{signature(new)} {signature(old)}"
