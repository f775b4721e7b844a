"""Benchmarks: each bound that hexscan promises, measured beside what it is compared with.

``python -m benchmarks.run`` runs them all and writes ``RESULTS.md``; ``python -m
benchmarks.bench_matcher`` (``bench_staged``, ``bench_startup``, ``bench_tree``) runs one and prints
it. With ``--smoke`` the inputs are small and no time is judged; match counts always are.
"""
