"""Confidential prices: layers over a scenario, redaction of what depends on them, the audit of what stays visible.

Comes in: layer files, and a function that runs an analysis at the prices of layers. No room below knows this one:
loading takes the layers as a transform.
"""
