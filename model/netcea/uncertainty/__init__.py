"""How a quantity spreads around its value, one family a file."""
