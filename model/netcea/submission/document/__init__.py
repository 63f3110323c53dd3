"""Blocks as one Word document."""
