"""``python -m hexscan``: the same as the ``hexscan`` command."""

import sys

from hexscan.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
