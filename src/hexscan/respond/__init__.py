"""What to do about a leak, as far as a program can do it."""
