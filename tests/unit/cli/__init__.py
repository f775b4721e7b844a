"""Tests of the command line, in one process."""
