"""Subgroups: costs, QALYs and ICER of patients told apart, beside those of all patients."""
