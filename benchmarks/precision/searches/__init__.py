"""Searches for what rules may miss, one module a rule, deliberately loose, and written without the linter.

Each has `candidates(tree, path)`, which gives 1-based lines of a file; the file's path is relative to the
folder of its package.
"""
