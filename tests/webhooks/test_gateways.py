"""Every USSD gateway's requests, good, nasty and hostile, and each answer in its vendor's own form."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.inbound import Reply
from core.kit.phone import Phone
from core.kit.settings import Settings
from tests.webhooks.gateway_requests import (
    ARK,
    AT,
    CEL,
    DMA,
    FLA,
    HOLLATAGS,
    HUB,
    INF,
    MAD,
    MOO,
    NAL,
    OLT,
    READ,
    REFUSED,
    SAF,
    UZO,
    WIG,
    truroute,
)  # fmt: skip
from tests.webhooks.gateways import HANDSETS, Said, of_form, of_json, of_query, of_xml, raw
from webhooks.raw import Raw, Rejected
from webhooks.ussd.dialects import DIALECTS
from webhooks.ussd.read import inbound, parse, phone_of, read
from webhooks.ussd.words import Dialect

SETTINGS = Settings(_env_file=None)
NAMES = (
    "africastalking flares hubtel nalo arkesel infobip madapi safaricom wigal cellulant truroute oltranz parlayx orange"
).split()


def named(table: dict[str, Any]) -> list[Any]:
    return [
        pytest.param(name, *row, id=f"{name}-{number}")
        for name, rows in table.items()
        for number, row in enumerate(rows)
    ]


@pytest.mark.parametrize(("name", "request_", "prior", "expected"), named(READ))
def test_what_is_read(name: str, request_: Raw, prior: str | None, expected: dict[str, object]) -> None:
    event = read(DIALECTS[name], request_, SETTINGS, prior)
    assert {key: getattr(event, key) for key in expected} == expected
    assert (event.channel, event.source) == ("ussd", name)


@pytest.mark.parametrize(("name", "request_", "status", "said"), named(REFUSED))
def test_what_is_refused(name: str, request_: Raw, status: int, said: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(DIALECTS[name], request_, SETTINGS)
    assert refused.value.status == status
    assert said in refused.value.reason
    assert len(refused.value.reason) < 120


def test_every_dialect_of_the_table_is_here() -> None:
    assert set(READ) == set(DIALECTS) == {*HANDSETS, "parlayx"}
    assert set(REFUSED) == set(NAMES)
    assert all(len(READ[name]) >= 6 and len(REFUSED[name]) >= 6 for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_secret_is_asked_for_before_anything_is_read(name: str) -> None:
    for given in ("wrong", "demo2", "", "%64emo", "d%C3%A9mo", "x" * 5000):
        bad = raw(name, body=b"\xff", query="%FF")
        with pytest.raises(Rejected) as refused:
            read(DIALECTS[name], replace(bad, path=f"/webhooks/ussd/{name}/{given or '-'}/x"), SETTINGS)
        assert (refused.value.status, refused.value.reason) == (403, "wrong secret")


@pytest.mark.parametrize("name", HANDSETS)
def test_a_request_cut_anywhere_is_read_or_refused_and_never_breaks(name: str) -> None:
    whole = HANDSETS[name].ask(Said("s1", "237670009999", "*384#", ("1", "é*#")))
    cut = [replace(whole, body=whole.body[:length]) for length in range(len(whole.body))]
    cut += [replace(whole, query=whole.query[:length]) for length in range(len(whole.query))]
    assert cut
    for request in cut:
        assert status_of(name, request) in {200, 400}


def status_of(name: str, request: Raw) -> int:
    """How the app would answer."""
    try:
        read(DIALECTS[name], request, SETTINGS)
    except Rejected as refused:
        return refused.status
    return 200


def test_a_query_is_read_in_the_gateway_s_own_charset() -> None:
    latin = replace(DIALECTS["flares"], charset="iso8859-1")
    request = of_query("flares", "input=d%E9j%E0&MSISDN=254733111222&SessionID=1")
    assert read(latin, request, SETTINGS).text == "déjà"


# --- for the house -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "request_", "text", "suffix", "cumulated", "anew"),
    [
        ("africastalking", of_form("africastalking", {**AT, "text": "3*4"}), "3*4", "7", True, False),
        ("safaricom", of_query("safaricom", {**SAF, "USSD_PARAMS": "2"}), "2", "2", True, False),
        ("flares", of_query("flares", FLA), "384", "#", True, False),
        ("flares", of_query("flares", {**FLA, "input": "384*A4821"}), "384*A4821", "A4821", True, False),
        ("flares", of_query("flares", {**FLA, "input": "3845"}), "3845", "#", False, False),
        ("hubtel", of_json("hubtel", HUB), "", "5", True, False),
        ("hubtel", of_json("hubtel", {**HUB, "Message": "*384#"}), "", "#", True, False),
        ("hubtel", of_json("hubtel", {**HUB, "Type": "Response", "Message": "2"}), "2", "#", False, False),
        ("nalo", of_json("nalo", {**NAL, "USERDATA": "*384*2#"}), "", "2", True, True),
        ("nalo", of_json("nalo", {**NAL, "SESSIONID": "n"}), "", "#", True, False),
        ("nalo", of_json("nalo", {**NAL, "MSGTYPE": False, "USERDATA": "*384*2#"}), "*384*2#", "#", False, False),
        ("infobip", of_json("infobip", INF, "/session/1/start"), "", "2", True, False),
        ("infobip", of_json("infobip", {**INF, "shortCode": "384"}, "/session/1/start"), "", "bonjour", True, False),
        ("madapi", of_json("madapi", MAD), "", "2", True, False),
        ("oltranz", of_json("oltranz", {**OLT, "text": "1"}), "1", "2", False, False),
        ("moolre", of_json("moolre", MOO), "", "2", True, False),
        ("orange", of_query("orange", {"msisdn": "2250701020304"}), "", "#", True, True),
    ],
)  # fmt: skip
def test_a_beginning_says_nothing_and_an_answer_is_no_dial_string(
    name: str, request_: Raw, text: str, suffix: str, cumulated: bool, anew: bool
) -> None:
    asked = parse(DIALECTS[name], request_)
    phone = phone_of(asked.phone)
    assert phone is not None
    found = inbound(DIALECTS[name], asked, phone, "*384#")
    assert (found.text, found.suffix, found.cumulated, found.anew) == (text, suffix, cumulated, anew)
    assert found.session.startswith(f"{name}:")


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("237670009999", "+237670009999"),
        (" 237670009999", "+237670009999"),
        ("00237670009999", "+237670009999"),
        ("2252312345", "+2252312345"),
        ("254XXXXXXXXX", None),
        ("2376٧٠٠٠٩٩٩٩", None),
        ("0", None),
        ("999999999999", None),
        ("1234567", None),
        ("2376700099991234", None),
    ],
)
def test_the_network_vouches_for_a_caller_whose_prefix_nobody_has_listed(text: str, e164: str | None) -> None:
    assert phone_of(text) == (Phone(e164) if e164 else None)


# --- answers -----------------------------------------------------------------------------------------------

NASTY = 'CON END <b>&amp; |^$ "2"\n1 Oui & <non>'

ESCAPED = "CON END &lt;b&gt;&amp;amp; |^$ &quot;2&quot;\n1 Oui &amp; &lt;non&gt;"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'

ANSWERS: list[tuple[str, Raw, bool, str]] = [
    ("africastalking", of_form("africastalking", {**AT, "text": ""}), True, f"CON {NASTY}"),
    ("africastalking", of_form("africastalking", {**AT, "text": ""}), False, f"END {NASTY}"),
    ("safaricom", of_query("safaricom", SAF), False, f"END {NASTY}"),
    ("flares", of_query("flares", FLA), True, NASTY),
    ("hubtel", of_json("hubtel", HUB), True, json.dumps({"Type": "Response", "Message": NASTY})),
    ("hubtel", of_json("hubtel", HUB), False, json.dumps({"Type": "Release", "Message": NASTY})),
    ("nalo", of_json("nalo", NAL), True,
     json.dumps({"USERID": "TOIT_1", "MSISDN": "233244111222", "MSG": NASTY, "MSGTYPE": True})),
    ("arkesel", of_json("arkesel", ARK), False,
     json.dumps({"sessionID": "a-1", "userID": "u", "msisdn": "233244111222", "message": NASTY,
                 "continueSession": False})),
    ("infobip", of_json("infobip", INF, "/session/1/start"), True,
     json.dumps({"shouldClose": False, "ussdMenu": NASTY, "responseExitCode": 200, "responseMessage": ""})),
    ("madapi", of_json("madapi", {**MAD, "transactionId": "x9"}), False,
     json.dumps({"statusCode": "0000", "statusMessage": "Success", "transactionId": "x9",
                 "data": {"inboundResponse": NASTY, "outboundResponse": NASTY, "userInputRequired": False,
                          "messageType": 2, "serviceCode": "384", "msisdn": "2250701020304"},
                 "_link": {"self": {"href": ""}}})),
    ("wigal", of_query("wigal", {**WIG, "username": "u|END", "trafficid": "7"}), True,
     'n|MORE|233244111222|w-1|CON END (b>+amp; /  "2"^1 Oui + (non>|u/END|7'),
    ("wigal", of_query("wigal", WIG), False, 'n|END|233244111222|w-1|CON END (b>+amp; /  "2"^1 Oui + (non>||'),
    ("cellulant", of_query("cellulant", CEL), True,
     '1|CON END <b>&amp; /^$ "2"\n1 Oui & <non>|null|null|null|null'),
    ("cellulant", of_query("cellulant", CEL), False,
     '1|CON END <b>&amp; /^$ "2"\n1 Oui & <non>|null|null|end|null'),
    ("truroute", of_xml("truroute", truroute()), True,
     f"{XML}<ussd><msisdn>264811112222</msisdn><sessionid>t-1</sessionid><type>2</type><msg>{ESCAPED}</msg></ussd>"),
    ("oltranz", of_json("oltranz", {**OLT, "amount": 0.0}), True,
     json.dumps({**OLT, "amount": 0.0, "response": NASTY, "action": "CON"})),
    ("uzo", of_json("uzo", UZO), False, json.dumps({"message": NASTY, "ussdServiceOp": "17"})),
    ("dmark", of_query("dmark", DMA), False, json.dumps({"responseString": NASTY, "action": "end"})),
    ("moolre", of_json("moolre", MOO), True, json.dumps({"message": NASTY, "reply": True})),
    ("hollatags", of_query("hollatags", HOLLATAGS), True,
     json.dumps({"session_operation": "continue", "session_type": 1, "session_id": 77, "session_msg": NASTY})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "request_", "keep_open", "body"), ANSWERS)
def test_answers_stand_to_the_letter_in_the_vendor_s_form(name: str, request_: Raw, keep_open: bool, body: str) -> None:
    dialect = DIALECTS[name]
    answer = dialect.answer(Reply(NASTY, keep_open), parse(dialect, request_))
    if answer.content_type == "application/json":
        assert json.loads(answer.body) == json.loads(body)
    else:
        assert answer.body == body
    if name == "flares":
        assert answer.headers == {"Freeflow": "FC", "charge": "N", "amount": "0"}


def ends(name: str) -> tuple[Dialect, list[Raw]]:
    return DIALECTS[name], [row[0] for row in READ[name] if row[2].get("kind") in {"session_end", "ignored"}]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("africastalking", ""),
        ("flares", ""),
        ("cellulant", ""),
        ("hubtel", '{"Type":"Release","Message":""}'),
        ("infobip", '"responseExitCode":200,"responseMessage":""}'),
        ("madapi", '"userInputRequired":false,"messageType":2'),
        ("truroute", "<type>3</type><msg></msg></ussd>"),
        ("parlayx", "Response"),
        ("orange", ""),
    ],
)
def test_the_end_of_a_session_is_acknowledged(name: str, body: str) -> None:
    dialect, requests = ends(name)
    assert requests
    for request in requests:
        answer = dialect.closed(parse(dialect, request))
        assert body in answer.body
        assert bool(body) == bool(answer.body)
