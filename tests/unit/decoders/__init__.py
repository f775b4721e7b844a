"""One test module for each reading."""
