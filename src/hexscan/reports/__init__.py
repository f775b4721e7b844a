"""How a report is told: a file a format."""
