"""Tests of hexscan.workers."""
