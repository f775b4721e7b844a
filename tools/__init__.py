"""Tools for those who work on hexscan."""
