"""`python -m headroom_core.cli`: the same as the command `headroom`."""

from headroom_core.cli.app import main

main()
