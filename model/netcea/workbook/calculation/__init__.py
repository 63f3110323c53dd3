"""Formulas worked out without a spreadsheet program: the values that cells come to."""
