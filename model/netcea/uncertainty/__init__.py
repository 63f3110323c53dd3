"""How a number is uncertain, one family a file: quantiles, moments, limits, words, spreadsheet formula.

Comes in: entries of YAML files, values, ranks and deviates. It knows no quantity.
"""
