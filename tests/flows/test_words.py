"""What flows say: every line stands in the catalogues, every notice is one SMS, every name is read as it should."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from bot.render.gsm7 import septets
from bot.render.sms import word_notice
from bot.render.words import catalogue, say
from core.kit.errors import Unclear
from core.kit.ids import make_code
from core.kit.money import Money
from core.kit.month import Month
from core.kit.say import t
from core.money.words import Failure
from flows import FLOWS, ROUTER
from flows.amounts import tops
from flows.kinds import DEALS, GROUPS, KINDS
from flows.typed import home_code, lease_code, meant, person_name, place_name, receipt_code, sentence

ROOT = Path(__file__).parents[2]
SAYING = {"t", "Text", "Refused", "Unclear"}
LANGUAGES = ("fr", "en")


@cache
def said() -> frozenset[str]:
    """Patterns of every catalogue key that the code names; a blank in a key stands for any part of it."""
    return frozenset(
        pattern
        for room in ("flows", "bot", "core", "webhooks")
        for path in (ROOT / room).rglob("*.py")
        for pattern in _keys(ast.parse(path.read_text(encoding="utf-8")))
    )


def _keys(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SAYING and node.args:
            yield from _patterns(node.args[0])


def _patterns(key: ast.expr) -> Iterator[str]:
    if isinstance(key, ast.IfExp):
        yield from (*_patterns(key.body), *_patterns(key.orelse))
    elif isinstance(key, ast.Constant):
        yield re.escape(str(key.value))
    elif isinstance(key, ast.JoinedStr):
        yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in key.values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_that_is_said_has_words(language: str) -> None:
    known = catalogue(language)
    known_to_nobody = {r"posting\.ended", r"posting\.differs"}
    missing = [pattern for pattern in said() - known_to_nobody if not any(re.fullmatch(pattern, key) for key in known)]
    assert not missing


def test_every_line_of_the_catalogue_is_said() -> None:
    """But for those that a rail, a template, a failure, a feature or a flow's name picks."""
    elsewhere = re.compile(
        r"(day|rail|notice|failure|feature)\..+|\w+\.doing|pay\.(due|late)|pay\.started.*|receipts\..+"
    )
    unsaid = [
        key
        for key in catalogue("fr")
        if not elsewhere.fullmatch(key) and not any(re.fullmatch(pattern, key) for pattern in said())
    ]
    assert not unsaid


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flow_says_what_one_was_doing(language: str) -> None:
    for flow in FLOWS:
        assert (septets(say(t("resume.title", doing=flow.doing(flow.state())), language)) or 0) <= 100


# --- notices -----------------------------------------------------------------------------------------------

FRANCS = Money(1_234_567, "XAF")
MONTHS = tuple(Month(2026, month) for month in range(6, 13))
NAME = "Ngo Bell Nyobe Marie-Antoinette Philomène"
LEFT = t("left.both", left=FRANCS, in_all=Money(9_876_543, "XAF"), count=len(MONTHS))
PAID = {
    "amount": FRANCS, "what": t("rent.months", months=MONTHS, count=len(MONTHS)), "title": "Appartement meublé B12",
    "left": LEFT, "ref": "P1234567", "number": "2026-000123", "code": "8F2KABCD", "paper": t("paper.quittance"),
}  # fmt: skip
COPY = {**PAID, "left": FRANCS, "at": datetime(2026, 12, 31, 23, 59, tzinfo=UTC)}
FAILURES = sorted(key for key in catalogue("fr") if key.startswith("failure."))
WORST: dict[str, dict[str, object]] = {
    "turn_ready.1": {"code": "*384#"},
    "rent_paid.1": {**PAID, "landlord": NAME, "payer": NAME},
    "rent_received.1": {**PAID, "tenant": NAME, "payer": NAME, "total": FRANCS},
    "rent_received_for.1": {**PAID, "tenant": NAME, "payer": NAME, "total": FRANCS},
    "credit_used.1": {**PAID, "landlord": NAME},
    "credit_received.1": {**PAID, "tenant": NAME},
    "payment_unknown.1": PAID,
    "payment_expired.1": PAID,
    "receipt_quittance.1": COPY,
    "receipt_recu.1": COPY,
    "pin_locked.1": {"until": datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "number": "8123"},
    "stopped.1": {},
    "resumed.1": {},
    "list_stopped.1": {"what": t("list.reminders")},
    "list_resumed.1": {"what": t("list.alerts")},
    "info.1": {},
    "linked.1": {"channel": t("channel.whatsapp"), "number": "8123"},
    "unlinked.1": {"channel": t("channel.whatsapp"), "number": "8123"},
    "suspended.1": {"channel": t("channel.whatsapp"), "number": "8123"},
    "code.1": {"code": "482913"},
    "dropped.1": {"code": "*384#"},
    "waiting.1": {},
}
KEPT = ("P1234567", "2026-000123", "1.234.567F", "9.876.543F", "8F2KABCD")
"""What may not be shortened."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(WORST))
def test_every_notice_is_one_sms_at_its_worst(template: str, language: str) -> None:
    worded = word_notice(template, WORST[template], language)
    whole = say(t(f"notice.{template}", **WORST[template]), language)
    assert worded.segments == 1, worded.text
    assert [part for part in KEPT if part in whole and part not in worded.text] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Reste 0F du mois, 170.000F en tout."), ("en", "Left 0F of it, 170.000F in all.")],
)
@pytest.mark.parametrize("template", ["rent_paid.1", "rent_received.1", "rent_received_for.1"])
def test_who_owes_three_months_and_pays_one_reads_both(template: str, language: str, words: str) -> None:
    """In one message at its longest, with one month as with several."""
    left = t("left.both", left=Money(0, "XAF"), in_all=Money(170_000, "XAF"), count=1)
    assert words in word_notice(template, {**WORST[template], "left": left}, language).text
    longest = t("left.both", left=FRANCS, in_all=Money(9_876_543, "XAF"), count=1)
    one = {"left": longest, "what": t("rent.months", months=(Month(2026, 9),), count=1)}
    assert word_notice(template, {**WORST[template], **one}, language).segments == 1


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Reste 0F, avance 1.234.567F."), ("en", "Left 0F, 1.234.567F ahead.")]
)
@pytest.mark.parametrize("template", ["rent_paid.1", "rent_received.1"])
def test_who_pays_more_than_is_owed_reads_what_waits(template: str, language: str, words: str) -> None:
    left = t("left.credit", left=Money(0, "XAF"), credit=FRANCS)
    worded = word_notice(template, {**WORST[template], "left": left}, language)
    assert words in worded.text
    assert worded.segments == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_is_one_sms_and_promises_only_what_is_true(failure: str, language: str) -> None:
    worded = word_notice("payment_failed.1", {**PAID, "reason": t(failure)}, language)
    assert worded.segments == 1, worded.text
    assert "P1234567" in worded.text
    taken = failure in {"failure.amount_mismatch", "failure.duplicate"}
    promise = "rien n'a été pris" if language == "fr" else "nothing was taken"
    assert (promise in say(t(failure), language)) is not taken


def test_no_notice_is_untried() -> None:
    templates = {key.removeprefix("notice.") for key in catalogue("fr") if key.startswith("notice.")}
    assert templates == {*WORST, "said.1", "payment_failed.1"}


def test_every_failure_has_words() -> None:
    assert [f"failure.{code}" for code in sorted(get_args(Failure))] == FAILURES


# --- what is typed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ngo Bell Marie", "Ngo Bell Marie"),
        ("  ngo   bell marie ", "Ngo Bell Marie"),
        ("N’DIAYE AWA", "N'diaye Awa"),
        ("Éboué-Mbappé François", "Éboué-Mbappé François"),
        ("J. Fotso", "J. Fotso"),
        ("Bâ", "Bâ"),
    ],
)
def test_names(typed: str, name: str) -> None:
    assert person_name(typed) == name


@pytest.mark.parametrize("typed", ["", "A", "a.", "Marie2", "237677", "Marie@", "-Marie", "a" * 61, "\u202emarie1"])
def test_what_is_no_name(typed: str) -> None:
    with pytest.raises(Unclear):
        person_name(typed)


def test_places_and_sentences() -> None:
    assert place_name("  Bépanda\tOmnisport ") == "Bépanda Omnisport"
    assert sentence("appt 2ch akwa") == "appt 2ch akwa"
    for read, typed in ((place_name, "12"), (place_name, "a"), (sentence, " a ")):
        with pytest.raises(Unclear):
            read(typed)


def test_codes() -> None:
    assert home_code(make_code("A", 482).lower()) == make_code("A", 482)
    assert lease_code("b " + make_code("B", 301)[1:]) == make_code("B", 301)
    assert receipt_code(" 8f2k-abcd ") == "8F2KABCD"
    for typed in ("", "8F2", "8F2K ABCD!", "x" * 17):
        with pytest.raises(Unclear):
            receipt_code(typed)


@pytest.mark.parametrize(
    ("typed", "least", "francs"),
    [(60, 1_000, 60_000), (999, 1_000, 999_000), (1_000, 1_000, 1_000), (15, 500_000, 15_000_000), (1, 1, 1)],
)
def test_thousands_left_out(typed: int, least: int, francs: int) -> None:
    assert meant(Money(typed, "XOF"), least) == Money(francs, "XOF")


# --- tables ------------------------------------------------------------------------------------------------


def test_the_router_is_sound() -> None:
    ROUTER.check(flow.name for flow in FLOWS)


@pytest.mark.parametrize("country", ["CM", "SN", "CI"])
def test_top_prices_rise_and_are_in_the_right_money(country: str) -> None:
    for deal in DEALS:
        for group in KINDS[deal]:
            offered = tops(country, deal, GROUPS[group][0])
            assert len(offered) == 4
            assert list(offered) == sorted(offered)
            assert {top.currency for top in offered} == {"XAF" if country == "CM" else "XOF"}
