"""The verbs of the command line, a module each; click is loaded by them and not here."""

# The word on the command line, and the module whose ``command`` it runs.
VERBS = {
    "scan": "hexscan.cli.commands.scan",
    "staged": "hexscan.cli.commands.staged",
    "push": "hexscan.cli.commands.push",
    "range": "hexscan.cli.commands.range",
    "commit-msg": "hexscan.cli.commands.commit_msg",
    "baseline": "hexscan.cli.commands.baseline",
    "config": "hexscan.cli.commands.config",
    "explain": "hexscan.cli.commands.explain",
    "completion": "hexscan.cli.commands.completion",
    "history": "hexscan.cli.commands.history",
}
DEFAULT_VERB = "scan"
