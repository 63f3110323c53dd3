"""What to know before reading the numbers of any analysis of a scenario; `registry` says how to add a sentence."""
