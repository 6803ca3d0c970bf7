"""Gateways of the same shapes that nobody has asked for yet, a few lines each."""

from typing import Final

from bot.inbound import Reply
from webhooks.raw import Raw, Rejected
from webhooks.ussd.words import Answer, Asked, Dialect, Fields, as_json, at_least, dialled, flag, given, have

# --- Dmark -------------------------------------------------------------------------------------------------


def _read_dmark(fields: Fields, _raw: Raw) -> Asked:
    session, phone, code, text = have(fields, "transactionId", "msisdn", "ussdServiceCode", "ussdRequestString")
    return Asked(session, phone, dialled(text) or code, text)


DMARK: Final = Dialect(
    name="dmark",
    methods=("GET",),
    body="query",
    parse=_read_dmark,
    answer=lambda reply, _asked: as_json(
        {"responseString": reply.text, "action": "request" if reply.keep_open else "end"}
    ),
    first_is_dialled=True,
)

# --- HollaTags ---------------------------------------------------------------------------------------------


def _read_hollatags(fields: Fields, _raw: Raw) -> Asked:
    names, what = ("session_id", "session_msisdn", "session_from"), given(fields, "session_operation")
    if what != "end":
        have(fields, *names, "session_msg", "session_operation")
    session, phone, code = at_least(fields, *names)
    text, kind = given(fields, "session_msg"), given(fields, "session_type")
    echo = {"session_type": _number(kind or "1"), "session_id": _number(session)}
    if what == "end":
        return Asked(session, phone, code, over="abandoned", echo=echo)
    if what not in {"begin", "continue"}:
        raise Rejected(400, "field session_operation: begin, continue or end")
    begins = what == "begin"
    return Asked(session, phone, (dialled(text) or code) if begins else "", text, begins, echo=echo)


def _number(text: str) -> int | str:
    """The vendor's samples have numbers here; what is none stays as it came."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 and str(int(text)) == text else text


def _answer_hollatags(reply: Reply, asked: Asked) -> Answer:
    operation = "continue" if reply.keep_open else "end"
    return as_json({"session_operation": operation, **asked.echo, "session_msg": reply.text})


HOLLATAGS: Final = Dialect(
    name="hollatags",
    methods=("GET",),
    body="query",
    parse=_read_hollatags,
    answer=_answer_hollatags,
    first_is_dialled=True,
)

# --- Uzo ---------------------------------------------------------------------------------------------------

_UZO_ENDS_FROM: Final = 29


def _read_uzo(fields: Fields, _raw: Raw) -> Asked:
    what = given(fields, "ussdServiceOp")
    if what.isascii() and what.isdigit() and int(what[:9]) >= _UZO_ENDS_FROM:
        session, phone = at_least(fields, "sessionID", "msisdn")
        return Asked(session, phone, over="abandoned", more={"error": what[:9]})
    session, phone, text, _ = have(fields, "sessionID", "msisdn", "ussdString", "ussdServiceOp")
    if what not in {"1", "18"}:
        raise Rejected(400, "field ussdServiceOp: 1, 18, or 29 and more")
    begins = what == "1"
    return Asked(session, phone, (dialled(text) or given(fields, "code")) if begins else "", text, begins)


UZO: Final = Dialect(
    name="uzo",
    methods=("POST",),
    body="json",
    parse=_read_uzo,
    answer=lambda reply, _asked: as_json({"message": reply.text, "ussdServiceOp": "2" if reply.keep_open else "17"}),
    first_is_dialled=True,
)

# --- Moolre ------------------------------------------------------------------------------------------------


def _read_moolre(fields: Fields, _raw: Raw) -> Asked:
    """``data`` is what was dialled behind the extension."""
    session, phone, text = have(fields, "sessionid", "msisdn", "message")
    begins = flag(fields, "new")
    behind, extension = given(fields, "data").strip("*# "), given(fields, "extension").strip("*# ")
    code = dialled(f"{extension}*{behind}") if begins and extension else ""
    return Asked(session, phone, code, text, begins)


MOOLRE: Final = Dialect(
    name="moolre",
    methods=("POST",),
    body="json",
    parse=_read_moolre,
    answer=lambda reply, _asked: as_json({"message": reply.text, "reply": reply.keep_open}),
)
