"""Excel files: sheets as plain cells, and the file that is made of them; nothing else writes one with openpyxl."""
