"""Analyses: which rows of parameters to make, and what to make of their outcomes; one class in one folder each.

Comes in: a `Scenario` that was loaded, and options. Goes out: a typed result, its report, its record for JSON.
"""
