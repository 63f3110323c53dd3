"""Check: that the entries of a draft are valid blocks, that names lead somewhere, that numbers are plausible."""
