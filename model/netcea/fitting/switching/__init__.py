"""Overall survival had nobody switched treatment: methods of NICE DSU TSD 16 and 24, from patient-level data.

What is estimated moves the comparator's curve; the intervention's is as the trial observed it, unless its own patients
switch too.
"""
