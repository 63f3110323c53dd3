"""What is possible, but looks like a mistake: ranges by place of use, rules across numbers, what a change replaces.

Comes in: a frozen `Scenario`, and what its changes replaced. Goes out: a `ModelWarning` for each doubt, which says what
the number would be if the usual slip was made. Nothing is refused here, and a confidential price is never looked at.
The rules are tables: `ranges` (one number at its place of use), `labelled` (unit costs by what their label says), and
`implausible.RULES` (several numbers together).
"""
