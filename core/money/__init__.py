"""Ledger, charges, payments and receipts; knows neither leases nor cooperatives."""
