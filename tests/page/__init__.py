"""Tests of the phones page in a headless browser."""
