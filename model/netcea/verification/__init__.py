"""Black-box tests of the user's own scenario: perturbed, run again, and judged by what every model must do.

Comes in: a loaded scenario. Goes out: a verdict for each test, with its figures.
"""
