"""Many scenarios x analyses as one run that can be killed at any moment and started again.

Comes in: a batch file. Goes out: a folder for each scenario and analysis, and one table of all.
"""
