"""Confidential prices: layers that are laid over at run time, redaction, and the audit of what remains."""
