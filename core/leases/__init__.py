"""Leases: who rents what from whom, what is due when, and paying it."""
