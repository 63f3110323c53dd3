"""Units of length of Word and PowerPoint files."""

from typing import Final

INCH: Final = 2.54
"""[cm]"""
POINT: Final = INCH / 72
"""[cm]"""
TWIPS: Final = 1440 / INCH
"""Twentieths of a point in a centimetre. [1/cm]"""
EMU: Final = 360_000
"""English metric units in a centimetre. [1/cm]"""
