"""The live workbook: the model a second time, in spreadsheet formulas; see `netcea.workbook.export`."""
