"""Tests of hexscan.respond."""
