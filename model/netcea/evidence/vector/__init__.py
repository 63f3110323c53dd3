"""Kaplan-Meier curves read from a vector figure: the coordinates are in the file, nothing is clicked.

Comes in: one panel as SVG or PDF. Out go its curves, censoring marks and numbers at risk in the units of its axes.
"""
