"""Money: whole francs that never mix, and every way people type an amount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.errors import Unclear
from core.kit.money import CEILING, CURRENCY_OF, Currency, Money, parse_money, zero


@pytest.mark.parametrize(
    ("typed", "francs"),
    [
        ("85000", 85_000),
        ("85.000", 85_000),
        ("85 000", 85_000),
        ("85,000", 85_000),
        ("85\u202f000", 85_000),
        ("85\u00a0000 FCFA", 85_000),
        ("  85000f ", 85_000),
        ("85000 XAF", 85_000),
        ("85k", 85_000),
        ("85K", 85_000),
        ("85 mille", 85_000),
        ("85mil", 85_000),
        ("85 milles francs", 85_000),
        ("85 kolo", 85_000),
        ("85 kolos", 85_000),
        ("25k500", 25_500),
        ("1,5 million", 1_500_000),
        ("1.5m", 1_500_000),
        ("1,25 millions", 1_250_000),
        ("2m5", 2_500_000),
        ("2m50", 2_500_000),
        ("1.234.567", 1_234_567),
        ("500", 500),
        ("60", 60),
        ("0,5k", 500),
        ("007", 7),
    ],
)
def test_amounts_as_people_type_them(typed: str, francs: int) -> None:
    assert parse_money(typed, "XAF") == Money(francs, "XAF")


@pytest.mark.parametrize(
    "typed", ["", " ", "loyer", "-5", "+5", "85%", "k", "85 k mille", "85000 85000", "1e5", "12:30"]
)
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(Unclear) as unclear:
        parse_money(typed, "XAF")
    assert unclear.value.text.key == "money.unclear"


@pytest.mark.parametrize("typed", ["0", "0k", "000", "10000000001", "99999999999999999999", "20000 millions"])
def test_what_is_absurd(typed: str) -> None:
    with pytest.raises(Unclear) as unclear:
        parse_money(typed, "XAF")
    assert unclear.value.text.key == "money.absurd"


@pytest.mark.parametrize("typed", ["85 00", "1.2345", "85,50", "1.234.56"])
def test_francs_have_no_parts_and_thousands_three_digits(typed: str) -> None:
    with pytest.raises(Unclear):
        parse_money(typed, "XAF")


def test_the_ceiling_itself_is_an_amount() -> None:
    assert parse_money(str(CEILING), "XOF") == Money(CEILING, "XOF")


@given(st.integers(1, CEILING))
def test_whatever_is_written_with_separators_is_read_back(francs: int) -> None:
    for separator in (".", " ", ",", "\u202f"):
        assert parse_money(f"{francs:,}".replace(",", separator), "XOF").francs == francs


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_unclear(typed: str) -> None:
    try:
        read = parse_money(typed, "XAF")
    except Unclear:
        return
    assert type(read.francs) is int
    assert 0 < read.francs <= CEILING


def test_sums() -> None:
    assert Money(3, "XAF") + Money(4, "XAF") == Money(7, "XAF")
    assert Money(3, "XAF") - Money(4, "XAF") == Money(-1, "XAF") == -Money(1, "XAF")
    assert min(Money(3, "XAF"), Money(1, "XAF")) == Money(1, "XAF")
    assert Money(4, "XAF") >= Money(4, "XAF") > Money(3, "XAF")
    assert not zero("XOF")
    assert Money(-1, "XOF")


def test_francs_of_two_currencies_never_meet() -> None:
    one, other = Money(1, "XAF"), Money(1, "XOF")
    assert one != other
    for mix in (lambda: one + other, lambda: one - other, lambda: one < other, lambda: one >= other):
        with pytest.raises(ValueError, match="do not mix"):
            mix()


@pytest.mark.parametrize(("country", "currency"), [("CM", "XAF"), ("SN", "XOF"), ("CI", "XOF"), ("BJ", "XOF")])
def test_the_franc_of_each_country(country: str, currency: Currency) -> None:
    assert CURRENCY_OF[country] == currency
