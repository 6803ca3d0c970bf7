"""Papers: what stands on them, in letters every reader has, on one page, and the same bytes for the same words."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.render.paper import Papers
from core.kit.money import Money
from core.kit.month import Month
from core.kit.say import t
from core.money.receipts import Sheet, in_words
from core.notices.words import Paper

AT = datetime(2026, 11, 21, 13, 39, tzinfo=UTC)
PAPERS = Papers("Trouve Moi Un Toit", "*384#", "8123")
NOVEMBER = (Month(2026, 11),)


def made(kind: str = "quittance", language: str = "fr", **other: object) -> Paper:
    sheet = Sheet(
        kind=kind,  # type: ignore[arg-type]
        amount=Money(85_000, "XAF"),
        parts=[("rent", 80_000), ("service", 5_000)],
        credit=0,
        remaining=45_000 if kind == "recu" else 0,
        months=NOVEMBER,
        tenant="Ngo Bell Marie",
        at=AT,
        rail="mtn",
        provider_tx="23503452",
    )
    told = {
        **sheet.blanks(), "letters": in_words(sheet.amount, language),
        "amount": sheet.amount, "number": "2026-000123", "title": "Studio B3", "landlord": "Kamga Paul",
        "payer": "Jean", "ref": "P88213", "code": "8F2KABCD", **other,
    }  # fmt: skip
    return PAPERS.make(t(f"sheet.{kind}", **told), "8F2KABCD", AT, language)


def pages(paper: Paper) -> list[str]:
    """What can be read on each page, without how it is set."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(BytesIO(paper.body)).pages]


def test_a_quittance_says_all_that_is_asked_of_one() -> None:
    paper = made()
    (page,) = pages(paper)
    for said in (
        "Trouve Moi Un Toit", "QUITTANCE DE LOYER", "N° 2026-000123", "85 000 FCFA", "quatre-vingt-cinq mille",
        "21 novembre 2026, 14h39", "Période novembre 2026", "Logement Studio B3", "Locataire Ngo Bell Marie",
        "Bailleur Kamga Paul", "Payé par Jean", "Loyer 80 000 FCFA", "Charges 5 000 FCFA",
        "Opérateur MTN MoMo 23503452", "Référence P88213", "entièrement payée", "8F2K ABCD", "*384#", "8123",
    ):  # fmt: skip
        assert said in page
    for missing in ("Pénalité", "Avance", "Autres", "Reste"):
        assert missing not in page, "a line without a value is left out"
    assert paper.name == "quittance-de-loyer-2026-000123.pdf"
    assert len(paper.body) < 20_000


def test_a_receipt_for_a_part_says_what_is_left_and_that_it_is_no_quittance() -> None:
    (page,) = pages(made("recu", penalty=Money(2_000, "XAF"), credit=Money(1_000, "XAF")))
    for said in (
        "REÇU",
        "Reste de la période 45 000 FCFA",
        "n'est pas une quittance",
        "Pénalité 2 000",
        "Avance 1 000",
    ):
        assert said in page


def test_in_english() -> None:
    paper = made(language="en")
    (page,) = pages(paper)
    for said in ("RENT RECEIPT", "eighty-five thousand", "21 November 2026", "Landlord Kamga Paul", "Check a receipt"):
        assert said in page
    assert paper.name == "rent-receipt-2026-000123.pdf"


def test_the_same_words_give_the_same_bytes() -> None:
    assert made() == made()
    assert made().body != made(payer="Paul").body
    information = PdfReader(BytesIO(made().body)).metadata
    assert information is not None
    assert information.creation_date == AT


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("N’Djoré Œuvrard – Ñez", "N’Djoré Œuvrard – Ñez"),
        ("Ŋgɔɛ Ɛɓɔ ńgo", "Nggoe Ebo ngo"),
        ("Marie 😀 Bell", "Marie Bell"),
        ("مريم", "????"),
        ("\u202eMarie\x07\u200d", "Marie"),
        ("e\u0301le\u0300ve", "élève"),
        ("{nb} *Marie* **x** __y__", "{nb} *Marie* **x** __y__"),
    ],
)
def test_letters_that_the_fonts_lack(name: str, shown: str) -> None:
    (page,) = pages(made(tenant=name))
    assert f"Locataire {shown} Bailleur" in page


def test_a_star_in_a_name_makes_no_other_line() -> None:
    (page,) = pages(made(tenant="*Marie", payer="*Jean"))
    assert "Locataire *Marie" in page
    assert "donnée à *Marie" in page


def test_long_ones_grow_by_a_page_and_lose_nothing() -> None:
    months = tuple(Month(2026, number) for number in range(1, 13)) * 3
    first, second = pages(made("recu", months=months, tenant="x" * 80, landlord="Fotso " * 13, title="y " * 60))
    for said in ("décembre 2026", "x" * 40, "Référence P88213"):
        assert said in f"{first} {second}"
    assert "8F2K ABCD" in second


def test_a_blank_that_is_missing_is_a_bug() -> None:
    with pytest.raises(KeyError):
        PAPERS.make(t("sheet.quittance", number="1"), "8F2KABCD", AT, "fr")
