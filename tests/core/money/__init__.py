"""Money: ledger, allocation, payment attempts, receipts, books."""
