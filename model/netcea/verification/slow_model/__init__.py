"""The whole model once more, slowly: plain loops over cycles, scalars and lists, checkable with a calculator.

Written from the model's equations and not from the engine: the two share no code. It takes a loaded scenario and one
row of parameters, and returns the same figures as `netcea.engine.simulate`, as plain numbers, and the trace.

Time is in years. Cycle i (1 to N) lies between edges[i - 1] and edges[i]. Lists over edges have N + 1 entries, lists
over cycles have N entries (entry i - 1 belongs to cycle i).
"""
