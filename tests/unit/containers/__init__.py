"""Tests of the formats in containers/."""
