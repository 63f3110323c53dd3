"""Resolve: from addresses to numbers, tables and curves, with a record of what went in."""
