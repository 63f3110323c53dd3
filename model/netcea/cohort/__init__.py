"""What happens to the cohort whatever the strategy: cycles, background mortality, utility norms, utilities by state."""
