"""Two scenarios or earlier runs compared: inputs that differ, results that moved, and what moved them."""
