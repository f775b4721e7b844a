"""The guard: what a run costs, counted and not timed, against committed figures.

Instructions (valgrind) and system calls (strace) come out nearly the same on a busy machine and on
an idle one, so a small margin is enough to notice one more import or one more call for each file.

``python -m benchmarks.guard`` compares and ends with 1 where a figure is exceeded; ``python -m
benchmarks.guard --renew`` writes the figures anew, after a change that is meant.
"""
