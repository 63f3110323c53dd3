"""Judgement: incremental analysis, net benefit, severity, the dated rules of the decision maker."""
