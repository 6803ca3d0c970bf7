"""How the Graph API refuses."""

from aiohttp import web

from sandbox.answers import json

TITLES = {
    100: "Invalid parameter",
    190: "Invalid OAuth access token - Cannot parse access token",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131026: "Message undeliverable",
    131047: "Re-engagement message",
    131052: "Media download error",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132005: "Translated text too long",
}


class GraphError(Exception):
    """The request has no effect."""

    def __init__(self, code: int, details: str, status: int = 400) -> None:
        """The vendor's code, what is wrong in words, and the HTTP status."""
        super().__init__(details)
        self.code, self.details, self.status = code, details, status


def wrong(details: str) -> GraphError:
    """A value that is not allowed."""
    return GraphError(131009, details)


def refusal(why: GraphError) -> web.Response:
    """The answer to a request without effect."""
    error: dict[str, object] = {
        "message": f"(#{why.code}) {TITLES.get(why.code, 'An error occurred')}",
        "type": "OAuthException",
        "code": why.code,
        "error_data": {"messaging_product": "whatsapp", "details": why.details},
        "fbtrace_id": "AsandboxTrace",
    }
    return json({"error": error}, why.status)


def failure(code: int) -> dict[str, object]:
    """The same inside a status."""
    title = TITLES.get(code, "Message failed to send")
    href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
    return {"code": code, "title": title, "message": title, "error_data": {"details": title}, "href": href}
