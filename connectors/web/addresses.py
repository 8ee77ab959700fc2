"""Which addresses a public feed may have: a redirect or a DNS answer must not lead into the operator's own network."""

import asyncio
import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult

_NAT64 = ip_network("64:ff9b::/96")  # carries an IPv4 address in its last 32 bits
# Old and local ways into somebody's own network that Python takes for the open internet.
# Source: RFC 4291 2.5.5.1 and 2.5.7, RFC 2765 2.1, RFC 8215; IANA's registries of special-purpose addresses
_NEVER_PUBLIC = [
    ip_network(block)
    for block in ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "fec0::/10", "192.0.0.0/24", "192.88.99.0/24",
                  "100:0:0:1::/64", "3fff::/20", "5f00::/16")
]  # fmt: skip

IF_YOURS = "Mend: where the host is your own, set AFTERDEBATE_ALLOW_PRIVATE_HOSTS=true"

ConnectTo = Mapping[str, tuple[str, int]]  # host name -> address and port to connect to instead


class PrivateAddressError(OSError):
    """A name leads to an address that is not public."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet; addresses carried inside IPv6 ones count too."""
    ip = ip_address(address.partition("%")[0])
    if any(ip in block for block in _NEVER_PUBLIC):
        return False
    return ip.is_global and not ip.is_multicast and all(is_public(str(inner)) for inner in _carried(ip))


class PublicResolver(AbstractResolver):
    """Resolves names, and refuses those whose answer holds an address that is not public.

    The check comes after DNS, so a public name that points to a private address is refused as well; the
    addresses returned are the ones connected to. `connect_to` names hosts that the caller serves itself.
    """

    def __init__(self, *, allow_private: bool, connect_to: ConnectTo | None = None) -> None:
        self._allow_private = allow_private
        self._connect_to = connect_to or {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host.

        Raises:
            PrivateAddressError: an address is not public, and that is not allowed.
            OSError: the name is not known.
        """
        if host in self._connect_to:
            return [_result(host, *self._connect_to[host])]
        infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        addresses = [str(info[4][0]) for info in infos]
        if not self._allow_private and not all(is_public(address) for address in addresses):
            raise PrivateAddressError(f"{host} has an address that is not public. {IF_YOURS}")
        return [_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Nothing to release."""


def _carried(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(ip, IPv4Address):
        return []
    carried = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        carried.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [inner for inner in carried if inner is not None]


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=flags)
