"""Codes: a check digit finds every slip that fingers make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.errors import Unclear
from core.kit.ids import check_digit, make_code, read_code

NUMBERS = st.integers(1, 10**9)


@given(NUMBERS, st.sampled_from("ABPT"))
def test_a_code_is_read_back_however_it_is_typed(number: int, letter: str) -> None:
    code = make_code(letter, number)
    spread = " ".join(code.lower())
    for typed in (code, code.lower(), spread, f"{code[0]}-{code[1:]}", f" {code}. ", code[1:]):
        assert read_code(typed, letter) == code


@given(NUMBERS, st.data())
def test_one_wrong_digit_is_found(number: int, data: st.DataObject) -> None:
    code = make_code("A", number)
    at = data.draw(st.integers(1, len(code) - 1))
    digit = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != code[at]]))
    with pytest.raises(Unclear) as unclear:
        read_code(code[:at] + digit + code[at + 1 :], "A")
    assert unclear.value.text.key == "code.mistyped"


@given(NUMBERS, st.data())
def test_two_neighbours_swapped_are_found(number: int, data: st.DataObject) -> None:
    code = make_code("A", number)
    at = data.draw(st.integers(1, len(code) - 2))
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if swapped != code:
        with pytest.raises(Unclear):
            read_code(swapped, "A")


@pytest.mark.parametrize("typed", ["", "A", "A4", "AA12", "4", "A12B", "B4821", "A1234567890123", "maison", "A١٢٣"])
def test_what_is_no_code_of_that_letter(typed: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_code(typed, "A")
    assert unclear.value.text.key == "code.unclear"


@pytest.mark.parametrize("number", [1, 12, 482, 3018])
def test_a_number_does_not_begin_with_zero(number: int) -> None:
    with pytest.raises(Unclear) as unclear:
        read_code(f"A0{number}{check_digit(number)}", "A")
    assert unclear.value.text.key == "code.mistyped"


@pytest.mark.parametrize(("number", "code"), [(1, "A12"), (482, "A4821"), (999_999, "A9999992")])
def test_codes_that_stand_on_paper_stay_what_they_are(number: int, code: str) -> None:
    assert make_code("A", number) == code
