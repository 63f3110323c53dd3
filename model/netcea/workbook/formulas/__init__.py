"""Spreadsheet formulas: built by the arithmetic of the engine, and compared as text."""
