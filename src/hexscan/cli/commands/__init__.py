"""The verbs of the command line, a module each; click is loaded by them and not here."""

# The word on the command line, and the module whose ``command`` it runs.
VERBS = {
    "scan": "hexscan.cli.commands.scan",
    "baseline": "hexscan.cli.commands.baseline",
    "config": "hexscan.cli.commands.config",
    "explain": "hexscan.cli.commands.explain",
    "completion": "hexscan.cli.commands.completion",
}
DEFAULT_VERB = "scan"
