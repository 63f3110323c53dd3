"""Two-way sensitivity analysis: two quantities on a grid."""
