"""Tests of hexscan.history."""
