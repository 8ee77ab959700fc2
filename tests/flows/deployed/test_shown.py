"""How a home is doing, in the Markdown of an artifact."""

from datetime import UTC, datetime

from flows.deployed.shown import health_lines
from flows.health.as_json import as_json
from flows.health.read import Health, SourceNow

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_each_source_has_a_line_and_what_a_server_answered_stays_text() -> None:
    reason = "403 <script> | [here](http://evil.example)\n| x |"
    source = SourceNow(campaign_id="c", source_id="blog", outcome="refused", reason=reason, failures=3)

    lines = list(health_lines(as_json(Health(now=AT, sources=[source]))))

    assert lines[0] == "**Level**: degraded"
    [line] = [line for line in lines if line.startswith("| c | blog |")]
    assert line.endswith(r"| 403 &lt;script> \| \[here](http://evil.example) \| x \| |")
    assert sum("evil.example" in line for line in lines) == 2  # among the reasons, and in the table
