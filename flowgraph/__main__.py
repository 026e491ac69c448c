"""`python -m flowgraph`."""

from flowgraph import main

main()
