"""Processes that share the work of a run, for Python's lock lets one thread search at a time."""
