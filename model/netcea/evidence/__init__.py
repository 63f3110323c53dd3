"""From patient data to inputs of the model: families fitted to each arm, compared, drawn, and written to inputs/.

Comes in: patient-level data as a file or as columns, and where they come from. Out go a file of inputs/ that a scenario
refers to (``os: {fit: survival.my_trial.os, arm: placebo, distribution: log_normal}``), tables and figures.
"""
