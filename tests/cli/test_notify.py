from tests.cli.fakes import Document

HOOK = "https://hooks.example.org/x"


def notice_document(**changes: object) -> Document:
    """A notice as the API shows it."""
    return {
        "id": 17,
        "incident": 3,
        "channel": "email",
        "target": "desk@example.org",
        "target_shown": True,
        "subject": "[Assay] sales.orders: 2 promises broken",
        "state": "dead",
        "tries": 2,
        "attempts": [
            {
                "number": 1,
                "started_at": "2026-11-20T08:00:01Z",
                "ended_at": "2026-11-20T08:00:02Z",
                "error": "mail.example:25: timed out",
            },
            {
                "number": 2,
                "started_at": "2026-11-20T08:01:01Z",
                "ended_at": "2026-11-20T08:01:02Z",
                "error": "desk@example.org refused: 550 no such user",
            },
        ],
        "next_try": None,
    } | changes


def tried_document(**changes: object) -> Document:
    return {
        "channel": "email",
        "target": "desk@example.org",
        "ok": True,
        "detail": "",
        "advice": "",
        "seconds": 0.21,
    } | changes


def test_a_test_that_arrives_says_so(assay, service):
    service.says("POST", "/notices/test", tried_document())

    done = assay("notify", "test", "email", "desk@example.org")

    assert (done.status, done.out) == (0, "email desk@example.org took it (0.21 s)\n")
    assert service.requests[0].content == b'{"channel":"email","target":"desk@example.org"}'


def test_a_test_that_enables_a_receiver_says_so(assay, service):
    service.says("POST", "/notices/test", tried_document(enabled=True))

    done = assay("notify", "test", "email", "desk@example.org")

    assert done.out.endswith("\nit was disabled, and is sent to again\n")


def test_a_test_that_fails_says_why_and_what_to_look_at(assay, service):
    advice = "No mail server listens there: look at ASSAY_SMTP_HOST and ASSAY_SMTP_PORT."
    detail = "localhost:25 (security none): ConnectionRefusedError: refused"
    service.says("POST", "/notices/test", tried_document(ok=False, detail=detail, advice=advice))

    done = assay("notify", "test", "email", "desk@example.org")

    assert done.status == 4
    assert done.out == f"email desk@example.org cannot be told: {detail} (0.21 s)\n{advice}\n"


def test_a_test_for_programs_is_passed_on(assay, service):
    answer = tried_document(channel="webhook", target=HOOK, ok=False, detail="no")
    service.says("POST", "/notices/test", answer)

    done = assay("notify", "test", "webhook", HOOK, "--format", "json")

    assert (done.status, done.document) == (4, answer)


def test_what_was_given_up_is_listed(assay, service):
    service.says("GET", "/notices/dead", {"items": [notice_document()], "next": None})

    done = assay("notify", "list")

    assert done.status == 0
    assert (
        done.out
        == """\
id  incident  channel  target            tries  why
17         3  email    desk@example.org      2  desk@example.org refused: 550 no such user
once mended, send one again: assay notify resend ID
"""
    )


def test_what_waits_is_listed_with_why(assay, service):
    why = "try 2 of 12 failed: busy; due at 20 Nov 2026, 12:00:00 UTC"
    waiting = notice_document(state="retry", why=why)
    service.says("GET", "/notices/waiting", {"items": [waiting], "next": None})

    done = assay("notify", "list", "--waiting")

    assert done.out.endswith(f"desk@example.org      2  {why}\n")


def test_where_nothing_waits_that_is_said(assay, service):
    service.says("GET", "/notices/waiting", {"items": [], "next": None})

    assert assay("notify", "list", "--waiting").out == "no notice waits\n"


def test_where_nothing_was_given_up_that_is_said(assay, service):
    service.says("GET", "/notices/dead", {"items": [], "next": None})

    assert assay("notify", "list").out == "every notice arrived, or is on its way\n"
    assert assay("notify", "list", "--format", "json").document == {"items": []}


def test_a_dead_letter_without_a_known_reason_is_listed_too(assay, service):
    bare = notice_document(attempts=[])
    service.says("GET", "/notices/dead", {"items": [bare], "next": None})

    assert "not known" in assay("notify", "list").out


def test_a_dead_letter_is_sent_again(assay, service):
    service.says("POST", "/notices/17/resend", notice_document(state="queued"))

    done = assay("notify", "resend", "17")
    programs = assay("notify", "resend", "17", "--format", "json")

    assert done.out == (
        "notice 17 is sent again to desk@example.org\nhow that went: assay incidents 3\n"
    )
    assert programs.document["state"] == "queued"


def test_what_is_no_dead_letter_is_not_sent_again(assay, service):
    service.refuses("POST", "/notices/17/resend", 409, "notice-state", "notice 17 is sent")

    done = assay("notify", "resend", "17")

    assert (done.status, done.err) == (2, "assay: notice 17 is sent\n")


def test_a_secret_is_shown_alone_on_stdout(assay, service):
    service.says("POST", "/notices/secret", {"target": HOOK, "secret": "whsec_abc"})

    done = assay("notify", "secret", HOOK)
    programs = assay("notify", "secret", HOOK, "--format", "json")

    assert done.out == "whsec_abc\n"
    assert "that receiver alone" in done.err
    assert programs.document == {"target": HOOK, "secret": "whsec_abc"}
