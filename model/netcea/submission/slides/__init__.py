"""Slides of a submission: the dozen figures and tables that a committee sees, as a PowerPoint file."""
