"""Septets and segments against an independent implementation, and the folding of French."""

import smsutil
from hypothesis import example, given
from hypothesis import strategies as st

from bot.render.gsm7 import BASIC, EXTENSION, fold_ascii, fold_sms, segments, septets

GSM = st.text(alphabet=BASIC + EXTENSION, max_size=400)


@given(GSM)
def test_septets_agree_with_smsutil(text: str) -> None:
    assert septets(text) == len(smsutil.encode(text))


@given(st.one_of(GSM, st.text(max_size=200)))
@example("a" * 160)
@example("a" * 161)
@example("a" * 306)
@example("a" * 307)
@example("€" * 80)
@example("€" * 81)
@example("a" * 152 + "€" + "a" * 20)
@example("ê" * 70)
@example("ê" * 71)
@example("ê" * 134)
@example("ê" * 135)
@example("🏠" * 35)
@example("🏠" * 36)
@example("a" * 66 + "🏠" + "a" * 10)
@example("\x1b")
def test_segments_agree_with_smsutil(text: str) -> None:
    if "\x1b" in text:  # smsutil takes a bare escape for a letter of the alphabet; it shows nothing by itself
        assert septets(text) is None
        return
    assert segments(text) == len(smsutil.split(text).parts)


def test_sms_keeps_the_accents_that_are_free() -> None:
    kept = "é è à ù É Ç ö ü ñ"
    assert fold_sms(kept) == kept
    assert fold_sms("reçu n° 12 « août » … Noël, cœur – l’été") == 'recu no 12 " aout " ... Noel, coeur - l\'été'
    assert fold_sms("é") == "é", "decomposed letters are composed first"


def test_ussd_folds_everything_to_ascii() -> None:
    assert fold_ascii("Reçu d’août : Éleveur, Maképé, 5 €, œuf") == "Recu d'aout : Eleveur, Makepe, 5 EUR, oeuf"
    assert fold_ascii("🏠 maison\u202e") == " maison"
    assert fold_ascii("شقة") == "???"


@given(st.text(max_size=200))
def test_folding_always_fits_the_alphabet(text: str) -> None:
    assert septets(fold_sms(text)) is not None
    folded = fold_ascii(text)
    assert folded.isascii()
    assert septets(folded.replace("`", "'")) is not None
