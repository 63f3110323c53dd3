"""Read: text, YAML and CSV files of a project as plain data in which every entry knows its line.

Nothing here knows what a scenario is.
"""
