"""Measures the house against the floor and its peers; ``python -m bench`` runs everything."""
