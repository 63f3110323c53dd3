"""What happens to the cohort whatever the strategy: cycles, background mortality, utility norms, utilities by state.

Comes in: arrays and plain numbers. `exposure` says what costs and utilities see of a strategy, and computes nothing.
"""
