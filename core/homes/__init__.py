"""Buildings, units and listings: what is to rent or for sale."""
