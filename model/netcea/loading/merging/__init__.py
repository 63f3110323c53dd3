"""Merge: a scenario file, what it extends and sets, price layers and the command line, laid over each other.

Precedence, written once: the complete file at the end of `extends`, then `set` of each extending file, then price
layers, then ``--set`` of the command line in their order. A later value replaces an earlier one whole.
"""
