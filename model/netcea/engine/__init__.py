"""The model: `simulate` turns rows of parameters into life years, QALYs and costs.

Comes in: a frozen `Scenario` and `Draws`; no file, YAML, seed or analysis. `simulate` is the model on one
page; `grid` holds what a run needs once, `occupancy` the health states, `block_exposure` what amounts are paid along.
"""
