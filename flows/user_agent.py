"""Who asks, as every server is told."""

from importlib.metadata import version


def user_agent(contact: str | None) -> str:
    """Who asks: product, version, and how to reach the operator."""
    return f"afterdebate/{version('afterdebate')} ({contact or 'no contact given'})"
