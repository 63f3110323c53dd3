"""The severity weight under other choices, its probability over draws, and where it changes."""
