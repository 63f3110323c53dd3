"""Random rows of parameters for a scenario: streams, correlations, groups. Knows no analysis and no file."""
