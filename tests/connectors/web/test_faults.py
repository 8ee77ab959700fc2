"""Whatever a server writes into its headers and addresses, reading it ends in a value or in an error of ours."""

from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from connectors.web.answers import failure_of, fresh_for, retry_after
from connectors.web.hosts import host_of

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
ADDRESSES = st.text() | st.from_regex(r"https?://(\[?[a-z0-9:.%@-]{0,20}\]?|xn--[a-z0-9-]{0,8})(:\d{0,7})?/?.{0,9}")
DATES = (
    st.text()
    | st.from_regex(r"\A[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} \d{2}:\d{2}:\d{2} [+-]\d{2,6}\Z")
    | st.sampled_from(["Fri, 31 Dec 9999 23:59:59 -0100", "Mon, 01 Jan 0001 00:00:00 +0100"])
)
NAMES = ("Expires", "Date", "Retry-After", "Cache-Control", "cf-mitigated")


@given(ADDRESSES)
@example("http://xn--/")
@example("http://a:99999/")
@example("http://[::1")
@example("http://\udcff/")
def test_any_text_has_a_host_to_be_queued_by(address: str) -> None:
    assert isinstance(host_of(address), str)


@given(st.dictionaries(st.sampled_from(NAMES), DATES), st.integers(100, 999))
@example({"Expires": "Fri, 31 Dec 9999 23:59:59 -0100"}, 200)
@example({"Retry-After": "Mon, 01 Jan 0001 00:00:00 +0100"}, 503)
@example({"Retry-After": "1", "Date": "Fri, 31 Dec 9999 23:59:59 -2359"}, 503)
def test_any_header_is_a_wait_or_no_wait(headers: dict[str, str], status: int) -> None:
    assert (fresh_for(headers, NOON) or 0) >= 0
    assert (retry_after(headers, NOON) or 0) >= 0
    failure_of("https://blog.example/feed", status, headers, NOON)


def test_a_date_beyond_the_calendar_says_nothing() -> None:
    assert fresh_for({"Expires": "Fri, 31 Dec 9999 23:59:59 -0100"}, NOON) is None
