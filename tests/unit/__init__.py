"""Tests of one module each, in the layout of the source."""
