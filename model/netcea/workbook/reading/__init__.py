"""The way back: a changed workbook compared with its original, and turned into a scenario."""
