"""The optional compiled kernel: loops over rows and cycles that give the same bits as NumPy in fewer passes.

Comes in: arrays. NumPy's functions, beside which these stand, are the reference; `choice` says which of them compute.
"""
