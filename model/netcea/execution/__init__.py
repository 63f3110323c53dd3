"""Execution: tasks in this process, in several or on a cluster; progress on the terminal; interruption.

Comes in: tasks, which are functions of modules with their arguments, and a number of processes or an address. Results
do not depend on where a task is done.
"""
