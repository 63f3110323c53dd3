"""One-way sensitivity analysis: each quantity at a low and a high value."""
