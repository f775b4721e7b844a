"""The command line and the hook: parse, build, call the engine, map the exit status."""
