"""The live workbook: the model a second time, in spreadsheet formulas, and the way back from a changed one.

Comes in: scenarios, and results to hold the formulas against. `export` writes, `reading` reads back.
"""
