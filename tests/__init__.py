"""The tests of hexscan; CONTRIBUTING.md tells what stands where."""
