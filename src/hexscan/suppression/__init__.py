"""What a person has judged: marks beside a key, the baseline, and the globs of a mix.exs."""
