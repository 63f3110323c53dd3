"""Threshold analysis: the price, or the value of a quantity, at which the ICER meets each threshold."""
