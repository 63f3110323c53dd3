"""Rows of random parameters: independent streams, correlations, what is drawn together."""
