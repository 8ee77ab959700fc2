"""X is asked for its own count of what was read, and what it counted beyond our ledger is taken off what is left."""

from datetime import UTC

from connectors.errors import SourceError
from connectors.fence import fenced
from connectors.x.usage import posts_used
from flows.x.run import XRun


def reconcile_usage(run: XRun) -> None:
    """Ask X what it counted this month, keep it, and take what it counted beyond our ledger off what is left.

    Others may use the same project, and we cannot tell their posts from ours: so what we cannot account for is taken
    as spent by the campaign that asks. Where X does not say, nothing changes and nothing fails.
    """
    if run.stop is not None or not run.is_patient or not run.client.session.requests_sent:
        return
    try:
        with fenced("X's own count", run.tell):
            used = posts_used(run.client, run.now.astimezone(UTC).day)
    except SourceError as error:
        run.tell(f"X's own count of what was read was not had: {error}")
        return
    month = f"{run.now.astimezone(UTC):%Y-%m}"
    days = [posts for day, posts in used.items() if f"{day:%Y-%m}" == month]
    if not days:
        return
    theirs, ours = sum(days), int(run.purse.spent_on_posts_usd() / run.prices.post_read)
    run.purse.count_unaccounted(max(0, theirs - ours) * run.prices.post_read)
    run.state.execute("INSERT OR REPLACE INTO x_usage VALUES (?, ?, ?, ?)", (month, run.now.isoformat(), theirs, ours))
