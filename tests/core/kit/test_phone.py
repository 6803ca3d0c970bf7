"""Phones: read as people and gateways write them, carried over renumberings, never shown whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.errors import Unclear
from core.kit.phone import Phone, country_of, gateway_phone, parse_phone


@pytest.mark.parametrize(
    ("typed", "country", "e164"),
    [
        ("677123456", "CM", "+237677123456"),
        ("677 12 34 56", "CM", "+237677123456"),
        ("677.12.34.56", "CM", "+237677123456"),
        ("(677) 12-34-56", "CM", "+237677123456"),
        ("+237 677 12 34 56", "SN", "+237677123456"),
        ("00237677123456", "CM", "+237677123456"),
        ("771234567", "SN", "+221771234567"),
        ("+221 77 123 45 67", "CM", "+221771234567"),
        ("0707123456", "CI", "+2250707123456"),
        ("+33 6 12 34 56 78", "CM", "+33612345678"),
        ("0197123456", "BJ", "+2290197123456"),
    ],
)
def test_numbers_as_people_type_them(typed: str, country: str, e164: str) -> None:
    assert parse_phone(typed, country).e164 == e164


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+22997123456", "+2290197123456"),
        ("0022997123456", "+2290197123456"),
        ("+22507123456", "+2250707123456"),
        ("+22505123456", "+2250505123456"),
        ("+22501123456", "+2250101123456"),
        ("+22549123456", "+2250749123456"),
        ("+22544123456", "+2250544123456"),
        ("+22553123456", "+2250153123456"),
    ],
)
def test_numbers_from_before_a_renumbering_are_carried_over(old: str, new: str) -> None:
    assert parse_phone(old, "CM").e164 == new


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12",
        "abc",
        "677123",
        "+",
        "+237",
        "67712345678901234567890",
        "677a123456",
        "٦٧٧١٢٣٤٥٦",
        "+22500123456",
        "*384#",
    ],
)
def test_what_is_no_number(typed: str) -> None:
    with pytest.raises(Unclear) as unclear:
        parse_phone(typed, "CM")
    assert unclear.value.text.key == "phone.unclear"


@pytest.mark.parametrize("sent", ["+237677123456", " 237677123456", "237677123456", "00237677123456", "+237677123456 "])
def test_numbers_as_gateways_send_them(sent: str) -> None:
    """A plus that was not percent-encoded arrives as a space."""
    assert gateway_phone(sent) == Phone("+237677123456")


@pytest.mark.parametrize("sent", ["", "MTN", "677123456", "+0", "anonymous"])
def test_a_gateways_number_has_its_country(sent: str) -> None:
    with pytest.raises(Unclear):
        gateway_phone(sent)


def test_the_country_of_a_number() -> None:
    assert [country_of(Phone(e164)) for e164 in ("+237677123456", "+221771234567", "+2250707123456")] == [
        "CM",
        "SN",
        "CI",
    ]
    assert country_of(Phone("+88312345678")) in {"", "001"}


def test_only_the_ends_are_ever_shown() -> None:
    phone = Phone("+237677123456")
    assert phone.masked == str(phone) == f"{phone}" == "+2376****456"
    assert repr(phone) == "Phone(+2376****456)"
    assert phone.digits == "237677123456"


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_unclear(typed: str) -> None:
    try:
        phone = parse_phone(typed, "CM")
    except Unclear:
        return
    assert phone.e164.startswith("+")
    assert phone.digits.isascii()
    assert phone.digits.isdigit()
    assert parse_phone(phone.e164, "SN") == phone
