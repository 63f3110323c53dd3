"""Many scenarios x analyses as one run that can be killed at any moment and started again."""
