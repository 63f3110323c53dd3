"""The command line: it parses, calls and prints.

Comes in: words typed in a terminal. Commands of analyses are made from their classes; imports stand inside commands.
"""
