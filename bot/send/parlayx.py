"""Sends screens to phones through ParlayX (``sendUssd``), the SOAP of MTN's service platforms."""

import hashlib
import re
from dataclasses import dataclass
from html import escape
from typing import Final

import aiohttp

from core.kit.clock import Clock
from core.kit.errors import ProviderError
from core.kit.phone import Phone
from core.kit.settings import Settings

LARGEST_ANSWER: Final = 64 * 1024

SEVEN_BIT: Final = "15"
"""``codeScheme`` of GSM 03.38 (TS 23.038 §5, cell broadcast data coding)."""

_TIMEOUT: Final = aiohttp.ClientTimeout(total=8, connect=3, sock_connect=3)
_AGAIN: Final = frozenset({429, 502, 503})
_RESULT: Final = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?result>\s*0\s*</")
_FAULT: Final = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?(?:messageId|faultcode)>\s*([A-Za-z0-9_.:-]{1,40})\s*</")


@dataclass(frozen=True, slots=True)
class Push:
    """A screen on its way to a session: whose (``sender`` is the platform's name for the session), and what it says.

    ``link`` is the platform's reference to what is answered. ``keep_open``: an answer is awaited.
    """

    sender: str
    phone: Phone
    code: str
    text: str
    keep_open: bool
    link: str = ""


class ParlayX:
    """The platform's sending side. The session is handed in and closed by whoever made it."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings, clock: Clock) -> None:
        self._http = http
        self._settings = settings
        self._clock = clock

    async def send(self, push: Push) -> None:
        """Show one screen.

        Raises ProviderError: retryable when it surely was not shown and may be later, ``unknown`` when it may be on
        the phone by now.
        """
        body = self._envelope(push).encode()
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        try:
            async with self._http.post(
                self._settings.parlayx_url, data=body, headers=headers, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:
                _judge(answer.status, await answer.content.read(LARGEST_ANSWER))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ProviderError("unreachable", retryable=True) from error
        except (TimeoutError, aiohttp.ClientError) as error:
            raise ProviderError("no_answer", retryable=False, unknown=True) from error

    def _envelope(self, push: Push) -> str:
        head = "".join(f"<tns:{name}>{escape(value)}</tns:{name}>" for name, value in self._header(push).items())
        body = "".join(f"<loc:{name}>{escape(value)}</loc:{name}>" for name, value in _body(push).items())
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
            ' xmlns:loc="http://www.csapi.org/schema/parlayx/ussd/send/v1_0/local"><soapenv:Header>'
            f'<tns:RequestSOAPHeader xmlns:tns="http://www.huawei.com.cn/schema/common/v2_1">{head}'
            f"</tns:RequestSOAPHeader></soapenv:Header><soapenv:Body><loc:sendUssd>{body}</loc:sendUssd>"
            "</soapenv:Body></soapenv:Envelope>"
        )

    def _header(self, push: Push) -> dict[str, str]:
        """Who we are: the password goes out only as the digest the platform asks for, fresh every second."""
        settings = self._settings
        stamp = self._clock.now().strftime("%Y%m%d%H%M%S")
        secret = settings.parlayx_sp_id + settings.parlayx_password.get_secret_value() + stamp
        header = {
            "spId": settings.parlayx_sp_id,
            "spPassword": hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest(),
            "serviceId": settings.parlayx_service_id,
            "timeStamp": stamp,
            "OA": push.phone.digits,
            "FA": push.phone.digits,
        }
        return {**header, "linkid": push.link} if push.link else header


def _body(push: Push) -> dict[str, str]:
    """``msgType`` 1 goes on and 2 ends; ``ussdOpType`` 1 asks for an answer and 3 gives the last word."""
    return {
        "msgType": "1" if push.keep_open else "2",
        "senderCB": push.sender,
        "receiveCB": push.sender,
        "ussdOpType": "1" if push.keep_open else "3",
        "msIsdn": push.phone.digits,
        "serviceCode": push.code,
        "codeScheme": SEVEN_BIT,
        "ussdString": push.text,
    }


def _judge(status: int, body: bytes) -> None:
    """A fault comes with 500 and is final: the session is over, or we are not who we say."""
    if status in {200, 202} and _RESULT.search(body):
        return
    if fault := _FAULT.search(body):
        raise ProviderError(fault[1].decode(), retryable=False)
    if status in _AGAIN:
        raise ProviderError(f"http_{status}", retryable=True)
    raise ProviderError(f"http_{status}", retryable=False, unknown=status in {200, 202, 504})
