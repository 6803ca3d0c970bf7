"""MTN MoMo Collection as the app sees it, with the operator's warts."""
