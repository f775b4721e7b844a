"""Tests of the memory of clean objects."""
