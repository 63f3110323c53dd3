"""From published figures and patient data to curves."""
