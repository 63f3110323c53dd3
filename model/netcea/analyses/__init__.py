"""Analyses: which rows of parameters to make, and what to make of their outcomes."""
