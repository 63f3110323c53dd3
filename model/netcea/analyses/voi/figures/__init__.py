"""Figures of a value-of-information analysis."""
