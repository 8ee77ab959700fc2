"""A price list: dated, replaceable, and never misread into a request that costs more than was thought."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.x.prices import BadPrices, read_prices, shipped_prices

LIST = """
as_of = 2027-01-31
[plans.pay-per-use]
post_read = "0.007"
user_read = "0.02"
counts_recent = "0.006"
counts_all = "0.011"
posts_a_month = 100
[plans.pro]
usd_a_month = "5000"
posts_a_month = 1000000
"""


def test_an_operators_list_says_what_requests_cost() -> None:
    prices = read_prices(LIST, "pay-per-use")
    assert prices.as_of == date(2027, 1, 31)
    assert prices.worst("/2/tweets/counts/recent", {}) == Decimal("0.006")
    assert prices.worst("/2/tweets/search/recent", {"max_results": 10}) == Decimal("0.07")
    assert prices.charged("/2/users/by", {"data": [{}, {}]}) == Decimal("0.04")
    assert prices.most_usd_a_month == Decimal("0.7")


def test_on_a_flat_plan_a_post_costs_its_share_and_counts_cost_nothing() -> None:
    prices = read_prices(LIST, "pro")
    assert prices.post_read == Decimal("0.005")
    assert prices.worst("/2/tweets/counts/all", {}) == 0
    assert (prices.usd_a_month, prices.most_usd_a_month) == (Decimal(5000), Decimal(5000))


@pytest.mark.parametrize("plan", ["pay-per-use", "pro", "enterprise"])
def test_every_plan_of_the_shipped_list_can_be_read(plan: str) -> None:
    assert shipped_prices(plan).post_read > 0


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('post_read = "0.007"', "post_read = 0.007", "post_read is no amount"),
        ('post_read = "0.007"', 'post_read = "-1"', "post_read is no amount"),
        ('post_read = "0.007"', 'post_read = "0"', "post_read is no amount"),
        ('post_read = "0.007"', 'post_read = "NaN"', "post_read is no amount"),
        ('post_read = "0.007"', "", "post_read is no amount"),
        ("posts_a_month = 100\n", "posts_a_month = 0\n", "posts_a_month is no number"),
        ("as_of = 2027-01-31", "", "no as_of"),
        ("[plans.pay-per-use]", "[plans.paid]", "no plan 'pay-per-use'; there is: paid, pro"),
        ("[plans.pay-per-use]", "[plans.pay", "no TOML"),
    ],
)
def test_a_fault_in_a_list_is_named_with_its_mend(was: str, becomes: str, said: str) -> None:
    with pytest.raises(BadPrices, match=said) as refused:
        read_prices(LIST.replace(was, becomes), "pay-per-use")
    assert "Mend: " in str(refused.value)


@given(st.text())
def test_whatever_stands_in_a_list_it_is_read_or_refused(text: str) -> None:
    with pytest.raises(BadPrices):
        read_prices(text, "pay-per-use")
