"""From one party's case to another's, change by change: cumulative, and one at a time."""
