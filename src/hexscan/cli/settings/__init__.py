"""Where settings come from: the command line, the environment, a file, a trusted revision."""
