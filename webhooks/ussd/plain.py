"""Gateways that send a form or a query and want plain text back."""

from typing import Final

from bot.inbound import Reply
from webhooks.raw import Raw, Rejected
from webhooks.ussd.words import Answer, Asked, Dialect, Fields, Over, at_least, con_or_end, dialled, given, have

# --- Africa's Talking --------------------------------------------------------------------------------------

_AT_ENDS: Final[dict[str, Over]] = {"Incomplete": "abandoned", "Success": "done", "Failed": "failed"}


def _read_africastalking(fields: Fields, raw: Raw) -> Asked:
    if ("text" not in fields and "status" in fields) or raw.path.endswith(("/end", "/events")):
        return _africastalking_is_over(fields)
    session, phone, code, text = have(fields, "sessionId", "phoneNumber", "serviceCode", "text")
    return Asked(session, phone, code, text)


def _africastalking_is_over(fields: Fields) -> Asked:
    """The event at a session's end; a status nobody knows is no success. Its ``input`` repeats the PIN and is never
    looked at.
    """
    hops, error = given(fields, "hopsCount")[:8], given(fields, "errorMessage")[:200]
    status = given(fields, "status")
    return Asked(
        given(fields, "sessionId"),
        given(fields, "phoneNumber"),
        given(fields, "serviceCode"),
        over=_AT_ENDS.get(status.capitalize(), "failed" if status else "done"),
        more={"hops": int(hops) if hops.isdecimal() else None, "error": error},
    )


AFRICASTALKING: Final = Dialect(
    name="africastalking",
    methods=("POST",),
    body="form",
    parse=_read_africastalking,
    answer=con_or_end,
    cumulated=True,
    paths=("", "/end", "/events"),
)

# --- Safaricom ---------------------------------------------------------------------------------------------


def _read_safaricom(fields: Fields, _raw: Raw) -> Asked:
    """What was dialled behind the code is the beginning of the cumulated text: 7 of ``*167*7#``."""
    session, phone, code, typed = have(fields, "SESSION_ID", "ORIG", "DEST", "USSD_PARAMS")
    if not code.strip("*# "):
        raise Rejected(400, "missing field: DEST")
    return Asked(session, phone, dialled(f"{code.strip('*# ')}*{typed}"), typed)


SAFARICOM: Final = Dialect(
    name="safaricom",
    methods=("GET",),
    body="query",
    parse=_read_safaricom,
    answer=con_or_end,
    cumulated=True,
    first_is_dialled=True,
)

# --- Comviva Flares (Airtel) -------------------------------------------------------------------------------


def _read_flares(fields: Fields, _raw: Raw) -> Asked:
    """Any ``clean``, however misspelt its value, is the end; it writes msisdn in lower case, and may mask it."""
    if "clean" in fields:
        session, phone = given(fields, "SessionID"), given(fields, "msisdn") or given(fields, "MSISDN")
        nobody = "" if phone.removeprefix("+")[:3].isdecimal() else "the end of a session of nobody"
        return Asked(session, phone, over="abandoned", ignored=nobody, more={"error": given(fields, "error")[:40]})
    session, phone, text = have(fields, "SessionID", "MSISDN", "input")
    return Asked(session, phone, dialled(text), text)


def _answer_flares(reply: Reply, _asked: Asked) -> Answer:
    freeflow = "FC" if reply.keep_open else "FB"
    return Answer(reply.text, headers={"Freeflow": freeflow, "charge": "N", "amount": "0"})


FLARES: Final = Dialect(
    name="flares",
    methods=("GET",),
    body="query",
    parse=_read_flares,
    answer=_answer_flares,
    first_is_dialled=True,
)

# --- Wigal -------------------------------------------------------------------------------------------------

_WIGAL_SIGNS: Final = str.maketrans({"\n": "^", "^": " ", "|": "/", "$": "", "<": "(", "&": "+"})
"""A caret is the line feed, a bar parts the fields, the last three are refused by the vendor."""


def _read_wigal(fields: Fields, _raw: Raw) -> Asked:
    session, phone, text, mode = have(fields, "sessionid", "msisdn", "userdata", "mode")
    begins = mode.strip().lower() == "start"
    echo = {name: given(fields, name) for name in ("network", "msisdn", "sessionid", "username", "trafficid")}
    return Asked(session, phone, dialled(text) if begins else "", text, begins, echo=echo)


def _answer_wigal(reply: Reply, asked: Asked) -> Answer:
    network, phone, session, user, traffic = (value.translate(_WIGAL_SIGNS) for value in asked.echo.values())
    more = "MORE" if reply.keep_open else "END"
    return Answer("|".join([network, more, phone, session, reply.text.translate(_WIGAL_SIGNS), user, traffic]))


WIGAL: Final = Dialect(
    name="wigal", methods=("GET",), body="query", parse=_read_wigal, answer=_answer_wigal, first_is_dialled=True
)

# --- Cellulant ---------------------------------------------------------------------------------------------


def _read_cellulant(fields: Fields, _raw: Raw) -> Asked:
    if given(fields, "opCode") == "ABO" or given(fields, "ABORT") not in {"", "0", "null"}:
        session, phone = at_least(fields, "sessionID", "MSISDN")
        return Asked(session, phone, over="abandoned")
    session, phone, text, what = have(fields, "sessionID", "MSISDN", "INPUT", "opCode")
    begins = what == "BEG"
    return Asked(session, phone, dialled(text) if begins else "", text, begins)


def _answer_cellulant(reply: Reply, _asked: Asked) -> Answer:
    return Answer(f"1|{reply.text.replace('|', '/')}|null|null|{'null' if reply.keep_open else 'end'}|null")


CELLULANT: Final = Dialect(
    name="cellulant",
    methods=("GET",),
    body="query",
    parse=_read_cellulant,
    answer=_answer_cellulant,
    first_is_dialled=True,
)
