"""The probabilistic analysis: everything uncertain sampled."""
