"""Checks of a scenario that loads: what its numbers rest on, and how far it departs from the reference case.

Comes in: a scenario, or its name. Goes out: findings, each with its place. Nothing here judges a result.
"""
