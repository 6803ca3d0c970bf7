"""Tests of the outside world on loopback."""
