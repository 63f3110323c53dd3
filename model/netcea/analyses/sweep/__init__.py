"""The model over all combinations of survival families."""
