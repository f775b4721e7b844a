"""Which of git's objects an earlier run has proved clean, kept from run to run."""
