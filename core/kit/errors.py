"""The four errors, by what is to be done: ask again, route a refusal, judge a provider; the rest are bugs."""

from core.kit.say import Text


class Unclear(Exception):
    """The person's words could not be read: ask again, saying what to type."""

    def __init__(self, key: str, **blanks: object) -> None:
        super().__init__(key)
        self.text = Text(key, blanks)


class Refused(Exception):
    """The domain says no.

    Raised inside a command, everything the command wrote is rolled back. Returned as a value, what it wrote
    stays (a wrong PIN is counted). Either way the flow receives it as a value and must route it.
    """

    def __init__(self, key: str, **blanks: object) -> None:
        super().__init__(key)
        self.key = key
        self.text = Text(key, blanks)


class ProviderError(Exception):
    """The outside world failed; the worker decides by the flags, never by the text.

    ``retryable``: the same request may be sent again, no sooner than ``after_s`` seconds from now. ``unknown``: the
    effect may have happened. ``gone``: nothing reaches that address any more. ``closed``: the vendor's window for free
    words is closed.
    """

    def __init__(
        self,
        code: str,
        *,
        retryable: bool,
        unknown: bool = False,
        detail: str = "",
        after_s: float = 0.0,
        gone: bool = False,
        closed: bool = False,
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.retryable = retryable
        self.unknown = unknown
        self.after_s = after_s
        self.gone = gone
        self.closed = closed
