"""Places: what cities and quarters are called, and what a person who names one means."""
