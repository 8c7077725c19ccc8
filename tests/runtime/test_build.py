from datetime import timedelta

import pytest

from notifications.errors import ChannelMisconfigured
from notifications.model import Message, Notice
from runtime.build import build_engine_parts, build_keep, build_post
from runtime.queue import create_queue
from runtime.settings import Settings
from tests.cast import NOON

NOTICE = Notice(
    key="k",
    channel="email",
    target="olga@example.org",
    message=Message(subject="s", text="t", rich="<p>t</p>"),
    incident_id=1,
    due_at=NOON,
)


def test_without_a_mail_server_a_notice_says_so():
    with pytest.raises(ChannelMisconfigured, match="no mail server"):
        build_post(Settings())(NOTICE)


def test_an_engine_gets_what_the_settings_say(database: str):
    settings = Settings(
        database_url=database, concurrency=3, attempts=7, public_url="https://a.example.org"
    )

    parts = build_engine_parts(settings, create_queue(settings))

    assert (parts.pace.in_flight, parts.pace.attempts) == (6, 7)
    assert parts.url == "https://a.example.org"
    with parts.store.read() as shelf:
        assert shelf.connections.all() == ()


def test_days_become_lengths_of_time_and_none_of_them_for_ever():
    keep = build_keep(Settings(keep_evidence_days=7, keep_results_days=0))

    assert (keep.evidence, keep.results) == (timedelta(days=7), None)
    assert keep.notices == timedelta(days=180)
