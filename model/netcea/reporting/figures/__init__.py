"""What all figures share: the sheet, the palette, labels, legends, axes; and how a figure becomes files."""
