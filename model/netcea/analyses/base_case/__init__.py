"""The base case: one row of point estimates, judged, with what a submission shows beside it."""
