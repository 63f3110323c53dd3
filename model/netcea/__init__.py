"""netcea: an open cost-effectiveness model for advanced neuroendocrine tumours."""

__version__ = "0.1.0"
