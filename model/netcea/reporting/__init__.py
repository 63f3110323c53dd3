"""Reporting: tables, screens, files, pages and figures; it formats and never computes.

Comes in: tables, sections, functions that draw, a record. It knows no analysis: each says what it shows in a `Report`.
"""
