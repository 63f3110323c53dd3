"""Numbers of inputs/: values, units, sources, status, addresses.

Comes in: entries of YAML files, as plain data. Every other room names a number by its address.
"""
