"""Every screen of the house, visited."""
