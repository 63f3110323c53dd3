"""Figures of a probabilistic analysis."""
