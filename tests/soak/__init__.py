"""The soak campaign: people, payments and mishaps by chance, for as long as one likes, and then the books."""
