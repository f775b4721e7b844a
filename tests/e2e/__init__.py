"""Tests of the installed commands."""
