"""The comparison with other scanners: installing them, giving them the same work, timing, recall.

``python -m benchmarks.peers`` runs it.
"""
