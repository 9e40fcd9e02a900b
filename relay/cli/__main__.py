"""`python -m relay.cli`, the same as `beaconpost`."""

import sys

from relay.cli import main

sys.exit(main())
