"""The outside world on loopback: gateways, operators and phones, spoken to over HTTP only."""
