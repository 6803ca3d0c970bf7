"""What USSD gateways send, good, nasty and hostile: what must be read in it, or why it is refused."""

from typing import Any

from tests.webhooks.gateways import of_form, of_json, of_query, of_xml
from webhooks.raw import Raw
from webhooks.ussd.read import SESSION_LIMIT, TEXT_LIMIT

AT = {"sessionId": "ATUid_9", "phoneNumber": "+221771234567", "networkCode": "60801", "serviceCode": "*384*7#"}
SAF = {"ORIG": "254711222333", "DEST": "*384#", "SESSION_ID": "s-1", "USSD_PARAMS": ""}
FLA = {"MSISDN": "254733111222", "MSC": "m", "input": "384", "SessionID": "1369"}
HUB = {"SessionId": "h-1", "Mobile": "233244111222", "Type": "Initiation", "Message": "*384*5#", "ServiceCode": "384"}
NAL = {"USERID": "TOIT_1", "MSISDN": "233244111222", "USERDATA": "*384#", "MSGTYPE": True}
ARK = {"sessionID": "a-1", "userID": "u", "newSession": True, "msisdn": "233244111222", "userData": "*384*9#"}
INF = {"msisdn": "385991112223", "shortCode": "*384*2#", "text": "bonjour", "language": None}
MAD = {"sessionId": "007", "messageType": "0", "msisdn": "2250701020304", "serviceCode": "384", "ussdString": "*384*2#"}
WIG = {"network": "n", "sessionid": "w-1", "mode": "start", "msisdn": "233244111222", "userdata": "*384*3#"}
CEL = {"MSISDN": "254733111222", "INPUT": "*384*4#", "opCode": "BEG", "ABORT": "0", "sessionID": "c-1"}
OLT = {"sessionId": "132", "serviceCode": "*384*2#", "phoneNumber": "250788111222", "text": "", "newRequest": 0}
DMA = {"transactionId": "d-1", "msisdn": "256772111222", "ussdServiceCode": "*384#", "ussdRequestString": "*384*2#"}
HOL = {"session_id": "77", "session_msisdn": "2348031112223", "session_operation": "begin", "session_msg": "*384*2#"}
UZO = {"ussdString": "*384*2#", "msisdn": "+233244111222", "ussdServiceOp": "1", "sessionID": "z-1", "code": "*384#"}
MOO = {"sessionid": "m-1", "msisdn": "233244111222", "extension": "384", "data": "2", "message": "", "new": True}
PAGE = {"user-msisdn": "2250701020304", "user-session": "o-1"}
HOLLATAGS = {**HOL, "session_from": "*384#", "session_type": "1"}
BILLION = "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;&b;&b;&b;&b;'>]>"


def truroute(kind: str = "1", msg: str = "*384*2#", head: str = "") -> str:
    return (
        f"{head}<ussd><msisdn>264811112222</msisdn><sessionid>t-1</sessionid><type>{kind}</type><msg>{msg}</msg></ussd>"
    )


def soap(
    kind: str = "0", text: str = "*384*2#", *, operation: str = "notifyUssdReception", head: str = "", more: str = ""
) -> str:
    return (
        f'<?xml version="1.0"?>{head}<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>'
        "<n:NotifySOAPHeader xmlns:n='http://www.huawei.com.cn/schema/common/v2_1'><n:spId>11</n:spId>"
        "<n:timeStamp>20261105080000</n:timeStamp><n:linkid>L1</n:linkid><n:traceUniqueID>T1</n:traceUniqueID>"
        f"</n:NotifySOAPHeader></e:Header><e:Body><l:{operation} xmlns:l='http://www.csapi.org/schema/parlayx/ussd'>"
        f"<l:msgType>{kind}</l:msgType><l:senderCB>S9</l:senderCB><l:receiveCB>FFFFFFFF</l:receiveCB>{more}"
        f"<l:msIsdn>2250501020304</l:msIsdn><l:serviceCode>384</l:serviceCode><l:ussdString>{text}</l:ussdString>"
        f"</l:{operation}></e:Body></e:Envelope>"
    )


def start(code: str, text: str = "") -> dict[str, object]:
    return {"kind": "session_start", "code": code, "text": text}


def reply(text: str, reason: str = "") -> dict[str, object]:
    return {"kind": "session_reply", "text": text, "reason": reason, "code": ""}


def end(reason: str, **more: object) -> dict[str, object]:
    return {"kind": "session_end", "reason": reason, "text": "", **more}


IGNORED: dict[str, object] = {"kind": "ignored"}

Row = tuple[Raw, str | None, dict[str, object]]

READ: dict[str, list[Row]] = {
    "africastalking": [
        (of_form("africastalking", {**AT, "text": ""}), None, start("*384*7#")),
        (of_form("africastalking", {**AT, "text": ""}), "", start("*384*7#")),
        (of_form("africastalking", {**AT, "text": "3"}), "", reply("3")),
        (of_form("africastalking", {**AT, "text": "3*loyer 80k*2"}), "3*loyer 80k", reply("2")),
        (of_form("africastalking", {**AT, "text": "3**#*"}), "3", reply("*#*")),
        (of_form("africastalking", {**AT, "text": "3*4"}), "3*4", reply("", "repeat")),
        (of_form("africastalking", {**AT, "text": "3*4"}), "9*9*9", reply("", "lost")),
        (of_form("africastalking", {**AT, "text": "CON 1"}), "", reply("CON 1")),
        (
            of_form("africastalking", {**AT, "status": "Incomplete", "hopsCount": "3", "input": "1*2580"}),
            None,
            end("abandoned", raw={"hops": 3, "error": ""}, session="ATUid_9"),
        ),
        (of_form("africastalking", {**AT, "status": "Success"}, "/end"), None, end("done")),
        (of_form("africastalking", {**AT, "status": "INCOMPLETE"}, "/end"), None, end("abandoned")),
        (of_form("africastalking", {**AT, "status": "Vanished"}, "/end"), None, end("failed")),
        (of_form("africastalking", {**AT, "status": "Failed", "errorMessage": "504"}, "/events"), None, end("failed")),
        (of_form("africastalking", b"sessionId=x", "/end"), None, end("done", phone=None)),
    ],
    "safaricom": [
        (of_query("safaricom", SAF), None, start("*384#")),
        (of_query("safaricom", {**SAF, "DEST": "384", "USSD_PARAMS": "2"}), None, start("*384*2#")),
        (of_query("safaricom", {**SAF, "USSD_PARAMS": "2*akwa"}), "2", reply("akwa")),
        (of_query("safaricom", {**SAF, "USSD_PARAMS": "2*akwa****"}), "2*akwa", reply("***")),
        (of_query("safaricom", {**SAF, "USSD_PARAMS": "2*akwa****"}), "2*akwa**", reply("*")),
        (of_query("safaricom", {**SAF, "USSD_PARAMS": "2*akwa"}), "2*akwa", reply("", "repeat")),
        (of_query("safaricom", {**SAF, "USSD_PARAMS": "1"}), "2*akwa", reply("", "lost")),
    ],
    "flares": [
        (of_query("flares", FLA), None, start("*384#")),
        (of_query("flares", {**FLA, "input": "384*2*9"}), None, start("*384*2*9#")),
        (of_query("flares", {**FLA, "input": "*384*2#"}), None, start("*384*2#")),
        (of_query("flares", {**FLA, "input": "384"}), "", reply("384")),
        (of_query("flares", {**FLA, "input": "**#*"}), None, reply("**#*")),
        (of_query("flares", {**FLA, "input": ""}), None, reply("")),
        (of_query("flares", {**FLA, "userid": "u", "password": "p", "input": "2"}), None, reply("2")),
        (
            of_query("flares", "msisdn=254733XXXXXX&clean=cleann&error=523&SessionID=13&MSC=2&=&=en&=&=postpaid"),
            None,
            end("abandoned", session="13", phone=None, raw={"error": "523"}),
        ),
        (of_query("flares", "msisdn=254733111222&clean=&SessionID=13"), None, end("abandoned")),
        (of_query("flares", "clean=clean-session&error=522&SessionID=gone&msisdn=bar"), None, IGNORED),
    ],
    "hubtel": [
        (of_json("hubtel", HUB), None, start("*384*5#")),
        (of_json("hubtel", {**HUB, "Message": "*384#", "ClientState": None}), None, start("*384#")),
        (of_json("hubtel", {**HUB, "Type": "Response", "Message": "*384*5#"}), None, reply("*384*5#")),
        (of_json("hubtel", {**HUB, "Type": "response", "Message": "2"}), None, reply("2")),
        (of_json("hubtel", {**HUB, "Mobile": 233244111222, "Type": "Response", "Message": 2}), None, reply("2")),
        (of_json("hubtel", {**HUB, "Type": "Release"}), None, end("abandoned")),
        (of_json("hubtel", {**HUB, "Type": "Timeout", "Message": None}), None, end("timeout")),
        (of_json("hubtel", {"SessionId": "h-1", "Type": "Release"}), None, end("abandoned", session="h-1")),
    ],
    "nalo": [
        (of_json("nalo", NAL), None, start("*384#")),
        (of_json("nalo", {**NAL, "USERDATA": ""}), None, start("")),
        (of_json("nalo", {**NAL, "USERDATA": "A4821"}), None, start("", "A4821")),
        (of_json("nalo", {**NAL, "MSGTYPE": False, "USERDATA": "*384#"}), None, reply("*384#")),
        (of_json("nalo", {**NAL, "MSGTYPE": "false", "USERDATA": "7"}), None, reply("7")),
        (of_json("nalo", {**NAL, "SESSIONID": "n-4"}), None, {**start("*384#"), "session": "n-4"}),
        (of_json("nalo", NAL), None, {"session": "+233244111222"}),
    ],
    "arkesel": [
        (of_json("arkesel", ARK), None, start("*384*9#")),
        (of_json("arkesel", {**ARK, "newSession": "1"}), None, start("*384*9#")),
        (of_json("arkesel", {**ARK, "newSession": False, "userData": "1"}), None, reply("1")),
        (of_json("arkesel", {**ARK, "newSession": "0", "userData": "*384*9#"}), None, reply("*384*9#")),
        (of_json("arkesel", {**ARK, "newSession": 0, "userData": ""}), None, reply("")),
        (of_json("arkesel", {**ARK, "newSession": False, "userData": "\u202e1"}), None, reply("\u202e1")),
    ],
    "infobip": [
        (of_json("infobip", INF, "/session/i-1/start"), None, start("*384*2#", "bonjour")),
        (of_json("infobip", {**INF, "text": "*384*3#"}, "/session/i-1/start"), None, start("*384*3#")),
        (of_json("infobip", {**INF, "shortCode": None, "text": None}, "/session/i-1/start"), None, start("")),
        (of_json("infobip", INF, "/session/i-1/response"), None, {**reply("bonjour"), "session": "i-1"}),
        (
            of_json("infobip", {"reason": "user", "exitCode": 510}, "/session/i-1/end", "PUT"),
            None,
            end("failed", session="i-1", phone=None, raw={"error": "510", "reason": "user"}),
        ),
        (of_json("infobip", {"reason": "ok", "exitCode": 200}, "/session/i-1/end"), None, end("done")),
        (of_json("infobip", b"", "/session/i-1/status"), None, IGNORED),
    ],
    "madapi": [
        (of_json("madapi", MAD), None, start("*384*2#")),
        (of_json("madapi", {**MAD, "ussdString": "Votez"}), None, start("384", "Votez")),
        (of_json("madapi", {**MAD, "messageType": 1, "ussdString": "2"}), None, {**reply("2"), "session": "007"}),
        (of_json("madapi", {**MAD, "messageType": "2"}), None, end("done")),
        (of_json("madapi", {**MAD, "messageType": "3"}), None, IGNORED),
        (of_json("madapi", {**MAD, "messageType": "4", "ussdString": "gone"}), None, end("abandoned")),
        (of_json("madapi", {**MAD, "messageType": "5", "ussdString": None}), None, end("timeout")),
        (of_json("madapi", {"sessionId": "7", "msisdn": "237670000101", "messageType": 5}), None, end("timeout")),
    ],
    "wigal": [
        (of_query("wigal", WIG), None, start("*384*3#")),
        (of_query("wigal", {**WIG, "mode": "Start"}), None, start("*384*3#")),
        (of_query("wigal", {**WIG, "mode": "more", "userdata": "*384*3#"}), None, reply("*384*3#")),
        (of_query("wigal", {**WIG, "mode": "more", "userdata": "a|b^c"}), None, reply("a|b^c")),
        (of_query("wigal", {**WIG, "mode": "more", "userdata": ""}), None, reply("")),
        (of_query("wigal", {**WIG, "mode": "", "userdata": "5"}), None, reply("5")),
    ],
    "cellulant": [
        (of_query("cellulant", CEL), None, start("*384*4#")),
        (of_query("cellulant", {**CEL, "ABORT": "null"}), None, start("*384*4#")),
        (of_query("cellulant", {**CEL, "opCode": "CON", "INPUT": "*384*4#"}), None, reply("*384*4#")),
        (of_query("cellulant", {**CEL, "opCode": "", "INPUT": "1|2"}), None, reply("1|2")),
        (of_query("cellulant", {**CEL, "opCode": "ABO"}), None, end("abandoned")),
        (of_query("cellulant", {"sessionID": "c-1", "opCode": "ABO"}), None, end("abandoned", session="c-1")),
        (of_query("cellulant", {"sessionID": "c-1", "ABORT": "1"}), None, end("abandoned", session="c-1")),
        (of_query("cellulant", {**CEL, "opCode": "CON", "ABORT": "1"}), None, end("abandoned")),
    ],
    "truroute": [
        (of_xml("truroute", truroute()), None, start("*384*2#")),
        (of_xml("truroute", truroute("2", "1")), None, reply("1")),
        (of_xml("truroute", truroute("2", "&lt;b&gt; &amp; &#233;")), None, reply("<b> & é")),
        (of_xml("truroute", truroute("2", "<![CDATA[a<b]]>")), None, reply("a<b")),
        (of_xml("truroute", truroute("2", "é", '<?xml version="1.0" encoding="ISO-8859-1"?>').encode("latin-1")), None,
         reply("é")),
        (of_xml("truroute", truroute("3")), None, end("abandoned")),
        (of_xml("truroute", truroute("4", "")), None, end("timeout")),
        (of_xml("truroute", truroute("10", "")), None, end("failed")),
        (of_xml("truroute", "<ussd><sessionid>t-1</sessionid><type>3</type></ussd>"), None,
         end("abandoned", session="t-1", phone=None)),
        (of_xml("truroute", truroute("4").replace("<msg>*384*2#</msg>", "")), None, end("timeout")),
    ],
    "oltranz": [
        (of_json("oltranz", OLT), None, start("*384*2#")),
        (of_json("oltranz", {**OLT, "newRequest": 1}), None, start("*384*2#")),
        (of_json("oltranz", {**OLT, "text": "1"}), None, reply("1")),
        (of_json("oltranz", {**OLT, "text": "1*2"}), "1", reply("1*2")),
        (of_json("oltranz", {**OLT, "sessionId": 13245200800899890, "text": "1"}), None, reply("1")),
        (of_json("oltranz", {**OLT, "text": "0", "charge": {"a": [1]}}), None, reply("0")),
    ],
    "parlayx": [
        (of_xml("parlayx", soap()), None, start("*384*2#")),
        (of_xml("parlayx", soap(text="")), None, {**start("384"), "session": "S9"}),
        (of_xml("parlayx", soap("1", "2")), None, reply("2")),
        (of_xml("parlayx", soap("1", "&lt;a&gt;*")), None, reply("<a>*")),
        (of_xml("parlayx", soap("2")), None, end("done")),
        (of_xml("parlayx", soap("2").replace("serviceCode", "x").replace("msIsdn", "y")), None,
         end("done", session="S9", phone=None)),
        *(
            (of_xml("parlayx", soap(operation="notifyUssdAbort", more=f"<l:abortReason>{why}</l:abortReason>")), None,
             end(over, session="S9", raw={"error": why}))
            for why, over in (("timeout", "timeout"), ("Session Time-Out", "timeout"), ("timed out", "timeout"),
                              ("user", "abandoned"))
        ),
        (
            of_xml("parlayx", soap(operation="notifyUssdAbort", more="<l:abortReason>6</l:abortReason>")),
            None,
            end("abandoned", session="S9", phone=None, raw={"error": "6"}),
        ),
    ],
    "orange": [
        (of_query("orange", "", headers={**PAGE, "hub-ussdcode": "*384*2#"}), None, start("*384*2#")),
        (of_query("orange", {"input": "3"}, headers=PAGE), None, {**reply("3"), "session": "o-1"}),
        (of_query("orange", "", headers={**PAGE, "user-entry": "4"}), None, reply("4")),
        (of_query("orange", {"msisdn": "2250701020304", "input": "é"}), None, reply("é")),
        (of_query("orange", {"msisdn": " 2250701020304"}, headers=PAGE), None, start("")),
        (of_query("orange", "", headers={**PAGE, "session-state": "END"}), None, end("done")),
    ],
    "dmark": [
        (of_query("dmark", DMA), None, start("*384*2#")),
        (of_query("dmark", {**DMA, "ussdRequestString": "3"}), None, reply("3")),
    ],
    "hollatags": [
        (of_query("hollatags", HOLLATAGS), None, start("*384*2#")),
        (of_query("hollatags", {**HOLLATAGS, "session_operation": "continue"}), None, reply("*384*2#")),
        (of_query("hollatags", {**HOLLATAGS, "session_operation": "end"}), None, end("abandoned")),
        (of_query("hollatags", {"session_id": "77", "session_operation": "end"}), None, end("abandoned", phone=None)),
    ],
    "uzo": [
        (of_json("uzo", UZO), None, start("*384*2#")),
        (of_json("uzo", {**UZO, "ussdServiceOp": "18", "ussdString": "1"}), None, reply("1")),
        (of_json("uzo", {**UZO, "ussdServiceOp": 33}), None, end("abandoned", raw={"error": "33"})),
        (of_json("uzo", {"sessionID": "z-1", "ussdServiceOp": "30"}), None, end("abandoned", session="z-1")),
    ],
    "moolre": [
        (of_json("moolre", MOO), None, start("*384*2#")),
        (of_json("moolre", {**MOO, "data": ""}), None, start("*384#")),
        (of_json("moolre", {**MOO, "new": False, "message": "2"}), None, reply("2")),
    ],
}  # fmt: skip
"""Requests that are understood: what was said before, and what must be read (all that is named here)."""


def without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


LONG = "9" * (TEXT_LIMIT + 1)

REFUSED: dict[str, list[tuple[Raw, int, str]]] = {
    "africastalking": [
        (of_form("africastalking", AT), 400, "missing field: text"),
        (of_form("africastalking", without({**AT, "text": ""}, "serviceCode")), 400, "missing field: serviceCode"),
        (of_form("africastalking", {"text": ""}), 400, "missing field: sessionId, phoneNumber, serviceCode"),
        (of_form("africastalking", {**AT, "text": "", "sessionId": ""}), 400, "session id"),
        (of_form("africastalking", {**AT, "text": "", "sessionId": "a\tb"}), 400, "session id"),
        (of_form("africastalking", {**AT, "text": "", "phoneNumber": "MTN"}), 400, "the caller"),
        (of_form("africastalking", {**AT, "text": LONG}), 400, "text: at most"),
        (of_form("africastalking", b"text=%E8&sessionId=1"), 400, "not utf-8"),
        (of_json("africastalking", {**AT, "text": ""}), 415, "content type"),
    ],
    "safaricom": [
        (of_query("safaricom", without(SAF, "DEST")), 400, "missing field: DEST"),
        (of_query("safaricom", {**SAF, "DEST": "*#"}), 400, "missing field: DEST"),
        (of_query("safaricom", ""), 400, "missing field: SESSION_ID, ORIG, DEST, USSD_PARAMS"),
        (of_query("safaricom", {**SAF, "SESSION_ID": "x" * (SESSION_LIMIT + 1)}), 400, "session id"),
        (of_query("safaricom", "ORIG=254711222333&DEST=1&SESSION_ID=1&USSD_PARAMS=%C3"), 400, "not utf-8"),
        (of_query("safaricom", {**SAF, "USSD_PARAMS": LONG}), 400, "text: at most"),
    ],
    "flares": [
        (of_query("flares", without(FLA, "input")), 400, "missing field: input"),
        (of_query("flares", without(FLA, "MSISDN")), 400, "missing field: MSISDN"),
        (of_query("flares", {**FLA, "SessionID": ""}), 400, "session id"),
        (of_query("flares", {**FLA, "MSISDN": "2547-11"}), 400, "the caller"),
        (of_query("flares", {**FLA, "input": LONG}), 400, "text: at most"),
        (of_query("flares", "input=%FF&MSISDN=254733111222&SessionID=1"), 400, "not utf-8"),
    ],
    "hubtel": [
        (of_json("hubtel", without(HUB, "Mobile")), 400, "missing field: Mobile"),
        (of_json("hubtel", {**HUB, "Type": "Hello"}), 400, "field Type"),
        (of_json("hubtel", {**HUB, "Message": ["1"]}), 400, "field Message: no text"),
        (of_json("hubtel", b"[1]"), 400, "no JSON object"),
        (of_json("hubtel", b'{"SessionId": '), 400, "no JSON"),
        (of_json("hubtel", b""), 400, "missing field"),
        (of_form("hubtel", {"SessionId": "1"}), 415, "content type"),
    ],
    "nalo": [
        (of_json("nalo", without(NAL, "MSGTYPE")), 400, "missing field: MSGTYPE"),
        (of_json("nalo", {**NAL, "MSISDN": None}), 400, "missing field: MSISDN"),
        (of_json("nalo", {**NAL, "MSISDN": "0"}), 400, "the caller"),
        (of_json("nalo", {**NAL, "MSISDN": 2.33244111222e11}), 400, "the caller"),
        (of_json("nalo", {**NAL, "USERDATA": {"a": 1}}), 400, "no text"),
        (of_json("nalo", b'{"USERID":"1","USERDATA":"2","MSGTYPE":true,"MSISDN":"\xff"}'), 400, "the caller"),
        (of_form("nalo", {"MSISDN": "1"}), 415, "content type"),
    ],
    "arkesel": [
        (of_json("arkesel", without(ARK, "newSession")), 400, "missing field: newSession"),
        (of_json("arkesel", {**ARK, "sessionID": ""}), 400, "session id"),
        (of_json("arkesel", {**ARK, "newSession": []}), 400, "no text"),
        (of_json("arkesel", {**ARK, "userData": LONG}), 400, "text: at most"),
        (of_json("arkesel", b"[" * 15_000), 400, "no JSON"),
        (of_xml("arkesel", "<a/>"), 400, "no JSON"),
    ],
    "infobip": [
        (of_json("infobip", without(INF, "msisdn"), "/session/1/start"), 400, "missing field: msisdn"),
        (of_json("infobip", without(INF, "text"), "/session/1/response"), 400, "missing field: text"),
        (of_json("infobip", INF, "/session/1/begin"), 404, "path"),
        (of_json("infobip", INF), 404, "path"),
        (of_json("infobip", INF, f"/session/{'1' * 200}/start"), 400, "session id"),
        (of_json("infobip", "text", "/session/1/end", "PUT"), 400, "no JSON object"),
    ],
    "madapi": [
        (of_json("madapi", without(MAD, "messageType")), 400, "missing field: messageType"),
        (of_json("madapi", {**MAD, "messageType": "7"}), 400, "field messageType"),
        (of_json("madapi", {**MAD, "messageType": True}), 400, "field messageType"),
        (of_json("madapi", {**MAD, "sessionId": " \n"}), 400, "session id"),
        (of_json("madapi", {**MAD, "msisdn": "9" * 5000}), 400, "the caller"),
        (of_json("madapi", b'{"sessionId": ' + b"9" * 5000 + b"}"), 400, "no JSON"),
    ],
    "wigal": [
        (of_query("wigal", without(WIG, "mode")), 400, "missing field: mode"),
        (of_query("wigal", without(WIG, "userdata")), 400, "missing field: userdata"),
        (of_query("wigal", {**WIG, "msisdn": "+"}), 400, "the caller"),
        (of_query("wigal", {**WIG, "sessionid": ""}), 400, "session id"),
        (of_query("wigal", "&".join(f"f{n}=1" for n in range(101))), 400, "more than 100 fields"),
        (of_query("wigal", "userdata=%E9"), 400, "not utf-8"),
    ],
    "cellulant": [
        (of_query("cellulant", without(CEL, "opCode")), 400, "missing field: opCode"),
        (of_query("cellulant", without(CEL, "INPUT")), 400, "missing field: INPUT"),
        (of_query("cellulant", {**CEL, "MSISDN": ""}), 400, "the caller"),
        (of_query("cellulant", {**CEL, "sessionID": "\u2028"}), 400, "session id"),
        (of_query("cellulant", {**CEL, "INPUT": LONG}), 400, "text: at most"),
        (of_query("cellulant", "%FF=1"), 400, "not utf-8"),
    ],
    "truroute": [
        (of_xml("truroute", "blah"), 400, "no XML"),
        (of_xml("truroute", ""), 400, "no XML"),
        (of_xml("truroute", truroute("9")), 400, "element type"),
        (of_xml("truroute", "<ussd><type>1</type></ussd>"), 400, "missing field: sessionid, msisdn, msg"),
        (of_xml("truroute", truroute(head="<!DOCTYPE ussd>")), 400, "no XML"),
        (of_xml("truroute", truroute("2", "&c;", BILLION)), 400, "no XML"),
        (of_xml("truroute", truroute("2", "&c;", '<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/passwd">]>')), 400, "no"),
        (of_xml("truroute", truroute("2", "&unknown;")), 400, "no XML"),
        (of_xml("truroute", truroute(head='<?xml version="1.0" encoding="bogus"?>')), 400, "no XML"),
        (of_xml("truroute", truroute(head='<?xml version="1.0" encoding="idna"?>')), 400, "no XML"),
        (of_xml("truroute", truroute("2", "\xe9").encode("latin-1")), 400, "no XML"),
        (of_form("truroute", {"msisdn": "1"}), 415, "content type"),
        (of_json("truroute", {"msisdn": "1"}), 400, "no XML"),
    ],
    "oltranz": [
        (of_json("oltranz", without(OLT, "text")), 400, "missing field: text"),
        (of_json("oltranz", {**OLT, "text": None}), 400, "missing field: text"),
        (of_json("oltranz", {**OLT, "sessionId": ""}), 400, "session id"),
        (of_json("oltranz", {**OLT, "phoneNumber": "25078811122200000"}), 400, "the caller"),
        (of_json("oltranz", {**OLT, "text": LONG}), 400, "text: at most"),
        (of_json("oltranz", b"null"), 400, "no JSON object"),
    ],
    "parlayx": [
        (of_xml("parlayx", "<a/>"), 400, "neither"),
        (of_xml("parlayx", soap("7")), 400, "element msgType"),
        (of_xml("parlayx", soap(head="<!DOCTYPE a [<!ENTITY x SYSTEM 'http://127.0.0.1/'>]>", text="&x;")), 400, "no"),
        (of_xml("parlayx", soap(text="&c;", head=BILLION)), 400, "no XML"),
        (of_xml("parlayx", soap().replace("2250501020304", "nobody")), 400, "the caller"),
        (of_xml("parlayx", soap().replace("S9", "S" * 200)), 400, "session id"),
        (of_xml("parlayx", "<e><notifyUssdReception/></e>"), 400, "missing field: senderCB"),
        (of_form("parlayx", {"a": "1"}), 415, "content type"),
    ],
    "orange": [
        (of_query("orange", {"input": "1"}), 400, "msisdn"),
        (of_query("orange", {"msisdn": "2250799999999"}, headers=PAGE), 400, "contradict"),
        (of_query("orange", {"session": "other"}, headers=PAGE), 400, "contradict"),
        (of_query("orange", {"msisdn": "root"}), 400, "the caller"),
        (of_query("orange", {"input": LONG}, headers=PAGE), 400, "text: at most"),
        (of_query("orange", "input=%E9", headers=PAGE), 400, "not utf-8"),
    ],
}  # fmt: skip
"""Requests that are refused: the status, and a part of what is said about it."""
