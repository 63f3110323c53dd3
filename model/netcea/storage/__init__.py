"""Storage: files and folders written whole or not at all, earlier runs, files of draws, a cache.

Comes in: paths, and what is to be written as text, bytes or columns.
"""
