"""USSD gateways: one table of dialects and one handler for all of them."""
