"""Random rows of parameters for a scenario: streams, correlations, what is drawn together.

Comes in: a `Scenario`, a number of rows, a seed. Goes out: `Draws`. The only random source of the model.
"""
