"""The vendor's published test numbers, and how each wallet behaviour turns out."""

from typing import Final

from sandbox.wallets import Wallet, delay_of

PROMPT_SECONDS = 300.0
ALONE_SECONDS = 0.2
DELAYED_SECONDS = 25.0

CURRENCIES: Final = {
    "sandbox": "EUR",
    "mtncameroon": "XAF",
    "mtnivorycoast": "XOF",
    "mtnbenin": "XOF",
    "mtncongo": "XAF",
    "mtnguineaconakry": "GNF",
    "mtnghana": "GHS",
    "mtnuganda": "UGX",
    "mtnzambia": "ZMW",
    "mtnswaziland": "SZL",
    "mtnsouthafrica": "ZAR",
    "mtnliberia": "USD",
    "mtnsouthsudan": "SSP",
    "mtnnigeria": "NGN",
    "mtnrwanda": "RWF",
}

# A plan is what will become of an accepted payment, and after how many seconds:
# `approve`, `expire`, `never`, or `fail CODE`.
Plan = tuple[str, float]

_ACCEPTED_THEN: Final[dict[str, Plan]] = {
    "46733123450": ("fail INTERNAL_PROCESSING_ERROR", ALONE_SECONDS),
    "46733123451": ("fail APPROVAL_REJECTED", ALONE_SECONDS),
    "46733123452": ("fail EXPIRED", ALONE_SECONDS),
    "46733123453": ("never", 0.0),
    "46733123454": ("approve", DELAYED_SECONDS),
    "46733123455": ("fail PAYER_NOT_FOUND", ALONE_SECONDS),
    "46733123456": ("fail PAYEE_NOT_ALLOWED_TO_RECEIVE", ALONE_SECONDS),
    "46733123463": ("fail COULD_NOT_PERFORM_TRANSACTION", ALONE_SECONDS),
}
ALWAYS_CREATED: Final = "46733123454"

REFUSED_AT_ONCE: Final[dict[str, tuple[int, str]]] = {
    "46733123457": (500, "NOT_ALLOWED"),
    "46733123458": (500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "46733123459": (500, "INVALID_CALLBACK_URL_HOST"),
    "46733123460": (500, "INVALID_CURRENCY"),
    "46733123461": (500, "INTERNAL_PROCESSING_ERROR"),
    "46733123462": (503, "SERVICE_UNAVAILABLE"),
    "46733123464": (500, "TRANSFER_TYPE_UNKNOWN"),
}
HOLDER_REFUSED: Final[dict[str, tuple[int, str]]] = {
    "46733123450": (404, "RESOURCE_NOT_FOUND"),
    "46733123452": (500, "NOT_ALLOWED"),
    "46733123453": (500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "46733123454": (500, "INTERNAL_PROCESSING_ERROR"),
    "46733123455": (503, "SERVICE_UNAVAILABLE"),
}
HOLDER_INACTIVE: Final = "46733123451"

_BEHAVIOURS: Final[dict[str, Plan]] = {
    "ask": ("expire", PROMPT_SECONDS),
    "timeout": ("expire", PROMPT_SECONDS),
    "approve": ("approve", ALONE_SECONDS),
    "reject": ("fail APPROVAL_REJECTED", ALONE_SECONDS),
    "not_found": ("fail PAYER_NOT_FOUND", ALONE_SECONDS),
    "inactive": ("fail SENDER_ACCOUNT_NOT_ACTIVE", ALONE_SECONDS),
    "insufficient": ("fail NOT_ENOUGH_FUNDS", ALONE_SECONDS),
    "insufficient_wart": ("fail INTERNAL_PROCESSING_ERROR", ALONE_SECONDS),
    "limit": ("fail PAYER_LIMIT_REACHED", ALONE_SECONDS),
    "blocked": ("fail NOT_ALLOWED", ALONE_SECONDS),
}


def plan_for(wallet: Wallet) -> Plan:
    """What will become of a payment asked from this wallet; the vendor's own numbers come first."""
    if wallet.msisdn in _ACCEPTED_THEN:
        return _ACCEPTED_THEN[wallet.msisdn]
    if (delay := delay_of(wallet.behaviour)) is not None:
        return "approve", delay
    if wallet.msisdn.startswith("467331234"):
        return "approve", ALONE_SECONDS
    return _BEHAVIOURS[wallet.behaviour]


def prompts(wallet: Wallet) -> bool:
    """Whether the owner is asked on the phone."""
    return plan_for(wallet)[0] == "expire" and wallet.behaviour == "ask"
