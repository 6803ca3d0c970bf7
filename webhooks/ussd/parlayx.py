"""ParlayX, the SOAP of MTN's service platforms: a request is acknowledged at once, the screen is sent afterwards."""

import hashlib
import re
from typing import Final

from webhooks.raw import Raw, Rejected
from webhooks.ussd.words import XML, Answer, Asked, Dialect, Fields, Over, at_least, given, have

_ENVELOPE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:loc="http://www.csapi.org/schema/parlayx/ussd/notification/v1_0/local">'
    "<soapenv:Header/><soapenv:Body>{}</soapenv:Body></soapenv:Envelope>"
)
_TAKEN: Final = _ENVELOPE.format(
    "<loc:notifyUssdReceptionResponse><loc:result>0</loc:result></loc:notifyUssdReceptionResponse>"
)
_TIMED_OUT: Final = re.compile("time[ _-]?d?[ _-]?out", re.IGNORECASE)
_ABORTED: Final = _ENVELOPE.format("<loc:notifyUssdAbortResponse/>")


def _read_parlayx(fields: Fields, _raw: Raw) -> Asked:
    """An abort names no number: only who sent it (``senderCB``) tells whose session is over."""
    if "notifyUssdAbort" in fields:
        (session,), why = have(fields, "senderCB"), given(fields, "abortReason")[:40]
        over: Over = "timeout" if _TIMED_OUT.search(why) else "abandoned"
        return Asked(session, over=over, more={"error": why}, echo={"abort": True})
    if "notifyUssdReception" not in fields:
        raise Rejected(400, "body: neither notifyUssdReception nor notifyUssdAbort")
    kind = given(fields, "msgType")
    if kind == "2":
        session, phone, code = at_least(fields, "senderCB", "msIsdn", "serviceCode")
        return Asked(session, phone.removeprefix("tel:"), code, over="done")
    session, phone, _, code = have(fields, "senderCB", "msIsdn", "msgType", "serviceCode")
    if kind not in {"0", "1"}:
        raise Rejected(400, "element msgType: 0, 1 or 2")
    return Asked(
        session,
        phone.removeprefix("tel:"),
        code,
        given(fields, "ussdString"),
        kind == "0",
        external_id=_message_id(fields),
        echo={"serviceCode": code, "linkid": given(fields, "linkid")},
    )


def _message_id(fields: Fields) -> str:
    """What a message is known by when it comes again; "" when the platform gave it no trace.

    Platforms have been seen to give a whole session one trace, so what was said is part of it.
    """
    trace = given(fields, "traceUniqueID")
    names = ("traceUniqueID", "linkid", "timeStamp", "senderCB", "msgType", "ussdString")
    said = "\x1f".join(given(fields, name) for name in names)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest() if trace else ""


def _closed(asked: Asked) -> Answer:
    return Answer(_ABORTED if asked.echo.get("abort") else _TAKEN, XML)


PARLAYX: Final = Dialect(
    name="parlayx",
    methods=("POST",),
    body="xml",
    parse=_read_parlayx,
    answer=lambda _reply, asked: _closed(asked),
    closed=_closed,
    ends_name_nobody=True,
    pushed=True,
)
