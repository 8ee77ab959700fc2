"""Whom a URL is asked of; needs no network, so that a state can be read without what asks."""

from functools import lru_cache

from yarl import URL

_DEFAULT_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=1_000)  # asked for several times in each poll
def host_of(url: str | URL) -> str:
    """The host that a URL is asked of, with its port where that is not the scheme's own: one host, one connection."""
    try:
        whole = URL(url)
        host, port = (whole.host or "").rstrip("."), whole.port  # read only here: a host may be no name
    except ValueError:  # asked of nobody: `web.get` refuses it
        return str(url)
    return host if port == _DEFAULT_PORTS.get(whole.scheme) else f"{host}:{port}"
