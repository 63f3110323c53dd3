"""What a company hands in: a Word document, a page that anybody can open, slides; all of them made from one run.

Comes in: a loaded scenario, run once through every analysis (`submission.gather`). Goes out: blocks (headings,
sentences, tables, figures) that know nothing of how they are written, and the files that are made of them.
"""
