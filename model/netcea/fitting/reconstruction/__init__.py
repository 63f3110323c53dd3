"""Patients reconstructed from a digitised Kaplan-Meier curve and its numbers at risk, and how well they meet both.

Comes in: points clicked on a curve, the number of patients, numbers at risk and total events where they are published.
"""
