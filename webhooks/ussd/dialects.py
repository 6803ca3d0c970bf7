"""The table of USSD gateways: what differs between them is data, with a tiny parser and a tiny renderer each."""

from typing import Final

from webhooks.ussd.orange import ORANGE
from webhooks.ussd.others import DMARK, HOLLATAGS, MOOLRE, UZO
from webhooks.ussd.parlayx import PARLAYX
from webhooks.ussd.plain import AFRICASTALKING, CELLULANT, FLARES, SAFARICOM, WIGAL
from webhooks.ussd.structured import ARKESEL, HUBTEL, INFOBIP, MADAPI, NALO, OLTRANZ, TRUROUTE

DIALECTS: Final = {
    dialect.name: dialect
    for dialect in (
        AFRICASTALKING, FLARES, HUBTEL, NALO, ARKESEL, INFOBIP, MADAPI, SAFARICOM, WIGAL, CELLULANT, TRUROUTE, OLTRANZ,
        PARLAYX, ORANGE,
        DMARK, HOLLATAGS, UZO, MOOLRE,
    )
}  # fmt: skip
