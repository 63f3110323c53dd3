"""The sheets of the live workbook, one file a sheet."""
