"""A message reaches real servers; and where it does not, no address or token is told."""

import logging

import pytest
from pydantic import SecretStr

from flows.alerts.send import channels_of, send_to_all
from tests.flows.alerts.receivers import Mail, Web, serving

TOKEN = "xoxb-5ecret-70ken"


def test_a_webhook_gets_subject_and_text_as_json() -> None:
    with serving(web := Web()):
        assert send_to_all(channels_of(SecretStr(f"json://{web.address}/hook")), "It broke", "The build failed.") == []
    [(path, told)] = web.posts
    assert (path, told["title"], told["message"]) == ("/hook", "It broke", "The build failed.")


def test_mattermost_gets_the_text_at_its_hook() -> None:
    with serving(web := Web()):
        assert (
            send_to_all(channels_of(SecretStr(f"mmost://{web.address}/{TOKEN}")), "It broke", "The build failed.") == []
        )
    [(path, told)] = web.posts
    assert path == f"/hooks/{TOKEN}"
    assert "The build failed." in told["text"]


def test_a_mail_server_gets_a_letter() -> None:
    with serving(mail := Mail()):
        url = f"mailto://{mail.address}?from=us@example.org&to=you@example.org&mode=insecure"
        assert send_to_all(channels_of(SecretStr(url)), "It broke", "The build failed.") == []
    [letter] = mail.messages
    assert "Subject: It broke" in letter
    assert "you@example.org" in letter
    assert "The build failed." in letter


def test_each_channel_is_tried_whatever_became_of_the_one_before() -> None:
    with serving(broken := Web(status=500)), serving(web := Web()):
        given = SecretStr(f"json://{broken.address}/a\n json://{web.address}/b  nonsense")
        faults = send_to_all(channels_of(given), "It broke", "The build failed.")
    assert [path for path, _ in web.posts] == ["/b"]
    assert [fault.partition(" of ")[0] for fault in faults] == ["channel 1 (json)", "channel 3 (nonsense)"]


@pytest.mark.parametrize("status", [401, 500])
def test_no_token_is_told_where_a_server_refuses(
    status: int, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    with serving(web := Web(status=status)):
        channels = channels_of(
            SecretStr(f"json://somebody:{TOKEN}@{web.address}/{TOKEN} mmost://{web.address}/{TOKEN}")
        )
        faults = send_to_all(channels, "It broke", "The build failed.")
    assert len(faults) == 2
    assert TOKEN not in " ".join([*faults, caplog.text, repr(channels), *capsys.readouterr()])


def test_the_address_that_slack_gives_is_known() -> None:
    import apprise

    url = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    post = apprise.Apprise()
    assert post.add(url)
    assert [type(server).__name__ for server in post] == ["NotifySlack"]
