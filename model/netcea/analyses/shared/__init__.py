"""What several analyses work with: totals of rows, effects on the decision, quantities that can be varied."""
