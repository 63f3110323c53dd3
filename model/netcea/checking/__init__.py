"""Checks of a scenario that loads: what its numbers rest on, and how far it departs from the reference case."""
