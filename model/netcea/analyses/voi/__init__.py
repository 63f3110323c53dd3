"""Value of information."""
