"""Gateways that speak JSON, or XML without namespaces."""

import re
from typing import Final

from bot.inbound import Reply
from webhooks.raw import Raw, Rejected
from webhooks.ussd.words import (
    Answer,
    Asked,
    Dialect,
    Fields,
    Over,
    as_json,
    as_xml,
    at_least,
    dialled,
    flag,
    given,
    have,
)

# --- Hubtel ------------------------------------------------------------------------------------------------

_HUBTEL_ENDS: Final[dict[str, Over]] = {"release": "abandoned", "timeout": "timeout"}


def _read_hubtel(fields: Fields, _raw: Raw) -> Asked:
    kind, text = given(fields, "Type").strip().lower(), given(fields, "Message")
    if kind in _HUBTEL_ENDS:
        session, phone = at_least(fields, "SessionId", "Mobile")
        return Asked(session, phone, over=_HUBTEL_ENDS[kind])
    session, phone, _ = have(fields, "SessionId", "Mobile", "Type")
    if kind not in {"initiation", "response"}:
        raise Rejected(400, "field Type: Initiation, Response, Release or Timeout")
    begins = kind == "initiation"
    return Asked(session, phone, (dialled(text) or given(fields, "ServiceCode")) if begins else "", text, begins)


def _answer_hubtel(reply: Reply, _asked: Asked) -> Answer:
    return as_json({"Type": "Response" if reply.keep_open else "Release", "Message": reply.text})


HUBTEL: Final = Dialect(
    name="hubtel",
    methods=("POST",),
    body="json",
    parse=_read_hubtel,
    answer=_answer_hubtel,
    closed=lambda _asked: as_json({"Type": "Release", "Message": ""}),
    first_is_dialled=True,
)

# --- Nalo --------------------------------------------------------------------------------------------------


def _read_nalo(fields: Fields, _raw: Raw) -> Asked:
    account, phone, text = have(fields, "USERID", "MSISDN", "USERDATA")
    echo = {"USERID": account, "MSISDN": phone}
    return Asked(given(fields, "SESSIONID"), phone, "", text, flag(fields, "MSGTYPE"), echo=echo)


def _answer_nalo(reply: Reply, asked: Asked) -> Answer:
    return as_json({**asked.echo, "MSG": reply.text, "MSGTYPE": reply.keep_open})


NALO: Final = Dialect(
    name="nalo", methods=("POST",), body="json", parse=_read_nalo, answer=_answer_nalo, session_by="phone"
)

# --- Arkesel -----------------------------------------------------------------------------------------------


def _read_arkesel(fields: Fields, _raw: Raw) -> Asked:
    session, phone, text = have(fields, "sessionID", "msisdn", "userData")
    begins = flag(fields, "newSession")
    echo = {"sessionID": session, "userID": given(fields, "userID"), "msisdn": phone}
    return Asked(session, phone, dialled(text) if begins else "", text, begins, echo=echo)


def _answer_arkesel(reply: Reply, asked: Asked) -> Answer:
    return as_json({**asked.echo, "message": reply.text, "continueSession": reply.keep_open})


ARKESEL: Final = Dialect(
    name="arkesel", methods=("POST",), body="json", parse=_read_arkesel, answer=_answer_arkesel, first_is_dialled=True
)

# --- Infobip -----------------------------------------------------------------------------------------------

_INFOBIP_PATH: Final = re.compile(r".*/session/([^/]+)/(start|response|end|status)/?")
_INFOBIP_OK: Final = {"responseExitCode": 200, "responseMessage": ""}


def _read_infobip(fields: Fields, raw: Raw) -> Asked:
    """The path names the session and the verb; what comes with a start may be the person's own words."""
    match = _INFOBIP_PATH.fullmatch(raw.path)
    if match is None:
        raise Rejected(404, "path: .../session/{id}/start, response, end or status")
    session, verb = match.groups()
    if verb == "status":
        return Asked(session, ignored="a question whether the session is alive")
    if verb == "end":
        error = given(fields, "exitCode")
        more = {"error": error, "reason": given(fields, "reason")[:200]}
        return Asked(
            session, given(fields, "msisdn"), over="done" if error in {"", "0", "200"} else "failed", more=more
        )
    (phone,) = have(fields, "msisdn")
    if "text" not in fields:
        raise Rejected(400, "missing field: text")
    return Asked(session, phone, given(fields, "shortCode"), given(fields, "text"), verb == "start")


def _answer_infobip(reply: Reply, _asked: Asked) -> Answer:
    return as_json({"shouldClose": not reply.keep_open, "ussdMenu": reply.text, **_INFOBIP_OK})


def _close_infobip(asked: Asked) -> Answer:
    alive = {"sessionActive": not asked.over} if asked.ignored else {}
    return as_json({**alive, **_INFOBIP_OK})


INFOBIP: Final = Dialect(
    name="infobip",
    methods=("POST", "PUT"),
    body="json",
    parse=_read_infobip,
    answer=_answer_infobip,
    closed=_close_infobip,
    paths=("/session/{session}/{verb}",),
    ends_name_nobody=True,
)

# --- MTN MADAPI --------------------------------------------------------------------------------------------

_MADAPI_ENDS: Final[dict[str, Over]] = {"2": "done", "4": "abandoned", "5": "timeout"}


def _read_madapi(fields: Fields, _raw: Raw) -> Asked:
    names, kind, text = (
        ("sessionId", "msisdn", "serviceCode"),
        given(fields, "messageType"),
        given(fields, "ussdString"),
    )
    if kind not in _MADAPI_ENDS:
        have(fields, *names, "messageType")
    session, phone, code = at_least(fields, *names)
    echo = {"transactionId": given(fields, "transactionId") or session, "serviceCode": code, "msisdn": phone}
    if kind in _MADAPI_ENDS:
        more = {"error": text[:200]} if kind == "4" else {}
        return Asked(session, phone, code, over=_MADAPI_ENDS[kind], echo=echo, more=more)
    if kind == "3":
        return Asked(session, phone, code, ignored="a notification", echo=echo)
    if kind not in {"0", "1"}:
        raise Rejected(400, "field messageType: 0 to 5")
    return Asked(session, phone, code, text, kind == "0", echo=echo)


def _answer_madapi(reply: Reply, asked: Asked) -> Answer:
    """The text under both names: the specification demands the one and describes the other."""
    data = {
        "inboundResponse": reply.text,
        "outboundResponse": reply.text,
        "userInputRequired": reply.keep_open,
        "messageType": 1 if reply.keep_open else 2,
        "serviceCode": asked.echo["serviceCode"],
        "msisdn": asked.echo["msisdn"],
    }
    told = {"statusCode": "0000", "statusMessage": "Success", "transactionId": asked.echo["transactionId"]}
    return as_json({**told, "data": data, "_link": {"self": {"href": ""}}})


MADAPI: Final = Dialect(
    name="madapi",
    methods=("POST",),
    body="json",
    parse=_read_madapi,
    answer=_answer_madapi,
    closed=lambda asked: _answer_madapi(Reply("", keep_open=False), asked),
)

# --- Oltranz -----------------------------------------------------------------------------------------------


def _read_oltranz(fields: Fields, _raw: Raw) -> Asked:
    """``newRequest`` is 0 on the vendor's own first request, so an empty text is what begins a session."""
    session, phone, code, text = have(fields, "sessionId", "phoneNumber", "serviceCode", "text")
    return Asked(session, phone, code, text, None if text else True, echo=fields)


def _answer_oltranz(reply: Reply, asked: Asked) -> Answer:
    return as_json({**asked.echo, "response": reply.text, "action": "CON" if reply.keep_open else "END"})


OLTRANZ: Final = Dialect(name="oltranz", methods=("POST",), body="json", parse=_read_oltranz, answer=_answer_oltranz)

# --- TruRoute ----------------------------------------------------------------------------------------------

_TRUROUTE_ENDS: Final[dict[str, Over]] = {"3": "abandoned", "4": "timeout", "10": "failed"}


def _read_truroute(fields: Fields, _raw: Raw) -> Asked:
    kind = given(fields, "type")
    if kind in _TRUROUTE_ENDS:
        session, phone = at_least(fields, "sessionid", "msisdn")
        return Asked(session, phone, over=_TRUROUTE_ENDS[kind], echo={"msisdn": phone, "sessionid": session})
    session, phone, _, text = have(fields, "sessionid", "msisdn", "type", "msg")
    echo = {"msisdn": phone, "sessionid": session}
    if kind not in {"1", "2"}:
        raise Rejected(400, "element type: 1, 2, 3, 4 or 10")
    begins = kind == "1"
    return Asked(session, phone, dialled(text) if begins else "", text, begins, echo=echo)


def _answer_truroute(reply: Reply, asked: Asked) -> Answer:
    return as_xml("ussd", {**asked.echo, "type": "2" if reply.keep_open else "3", "msg": reply.text})


TRUROUTE: Final = Dialect(
    name="truroute",
    methods=("POST",),
    body="xml",
    parse=_read_truroute,
    answer=_answer_truroute,
    closed=lambda asked: as_xml("ussd", {**asked.echo, "type": "3", "msg": ""}),
    first_is_dialled=True,
)
