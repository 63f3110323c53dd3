"""The self-contained HTML page of a submission: results, figures, sources, a panel in which prices can be changed."""
