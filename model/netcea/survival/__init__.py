"""Survival evidence: distributions, adjustments, curves; fitting of published figures."""
