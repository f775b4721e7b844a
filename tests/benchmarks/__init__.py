"""Tests of the benchmarks: of what would lie if it were wrong, never of time."""
