"""Git, through its own binary."""
