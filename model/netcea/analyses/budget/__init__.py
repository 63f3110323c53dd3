"""Budget impact: the costs of overlaid cohorts with and without the technology, year by year."""
