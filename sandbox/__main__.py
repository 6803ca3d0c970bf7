"""Start the sandbox from the command line."""

import sys

from sandbox.server import main

if __name__ == "__main__":
    sys.exit(main())
