"""How a number is uncertain, one family a file. Imports blocks, arrays and errors; knows no quantity."""
