"""How a scenario stands to NICE's reference case (PMG36, table 4.1), and what each departure does to the results.

Comes in: a scenario, and what else is known of it (its tests, its verification). Goes out: a row for each rule by what
inputs/ says, not by what the scenario says of itself; results under the reference case; results by method pack.
"""
