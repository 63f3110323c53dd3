"""CSV as people have it: from Excel in any language, R, pandas or a digitiser, read to one meaning or refused.

Comes in: bytes or lines of a file. Every CSV that netcea reads is read by these modules.
"""
