"""Addresses that a feed may have, and those it may not."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.web.addresses import PrivateAddressError, PublicResolver, is_public
from connectors.web.hosts import host_of


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
     "::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
     "::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b:1::1", "fec0::1", "192.0.0.8", "192.88.99.1",
     "3fff::1", "5f00::1", "100:0:0:1::1"],
)  # fmt: skip
def test_these_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_these_addresses_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_a_private_address_inside_an_ipv6_one_stays_private(address: object) -> None:
    assert not is_public(f"::ffff:{address}")


def test_a_name_that_leads_home_is_refused_after_dns() -> None:
    with pytest.raises(PrivateAddressError):
        asyncio.run(PublicResolver(allow_private=False).resolve("localhost", 80))


def test_a_name_that_leads_home_is_answered_where_that_is_allowed() -> None:
    [*found] = asyncio.run(PublicResolver(allow_private=True).resolve("localhost", 80))
    assert {"127.0.0.1", "::1"}.issuperset(one["host"] for one in found)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://Blog.example/feed", "blog.example"),
        ("https://blog.example:443/", "blog.example"),
        ("http://blog.example.:80/", "blog.example"),
        ("http://blog.example:8080/", "blog.example:8080"),
    ],
)
def test_one_host_has_one_name(url: str, host: str) -> None:
    assert host_of(url) == host
