"""Readings of bytes in which a key can hide, a file each; all map back to the original offsets."""
