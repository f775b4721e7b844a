"""The verbs of the command line, a module each; click is loaded by them and not here."""

# The word on the command line, and the module whose ``command`` it runs.
VERBS = {
    "scan": "hexscan.cli.commands.scan",
    "history": "hexscan.cli.commands.history",
}
DEFAULT_VERB = "scan"
