"""How Twilio refuses, by the numbers of its error dictionary."""

from aiohttp import web

from sandbox.answers import json

SAID = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    21211: "Invalid 'To' Phone Number",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination.",
    21609: "Invalid 'StatusCallback' URL",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21620: "Invalid media URL(s)",
    21623: "Number of media files exceeds allowed limit",
    21655: "The ContentSid is Invalid",
    21656: "The Content Variables parameter is invalid",
    21910: "Invalid From and To pair. From and To should be of the same channel",
    30003: "Unreachable destination handset",
    30008: "Unknown error",
    63003: "Channel could not find To address",
    63007: "Twilio could not find a Channel with the specified From address",
    63016: "Outside messaging window. For WhatsApp, use a Message Template instead",
    63021: "Channel invalid content error",
    63024: "Invalid message recipient",
}


class TwilioError(Exception):
    """The request has no effect."""

    def __init__(self, code: int, detail: str = "", status: int = 400) -> None:
        """The vendor's number, more words than it has by itself, and the HTTP status."""
        super().__init__(code)
        self.code, self.status = code, status
        self.message = detail or SAID.get(code, "Bad request")


def refusal(why: TwilioError) -> web.Response:
    """The answer to a request without effect."""
    body = {"code": why.code, "message": why.message, "more_info": f"https://www.twilio.com/docs/errors/{why.code}"}
    answer = json({**body, "status": why.status}, why.status)
    if why.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return answer


def not_found(request: web.Request) -> TwilioError:
    """There is nothing under this address."""
    return TwilioError(20404, f"The requested resource {request.path} was not found", 404)
