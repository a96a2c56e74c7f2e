"""`python -m evals COMMAND` is `guichet eval COMMAND`."""

import sys

from evals.cli import main

sys.exit(main())
