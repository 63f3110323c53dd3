"""Checklists that a submission is read with: CHEERS 2022, AdViSHE, TECH-VER, Philips.

Comes in: a submission, and the instruments (`instruments/*.yaml`: items in our own words, never answers). Goes out: an
answer to every item from what was run and from what inputs/ says, or what a person must add, or what is missing.
"""
