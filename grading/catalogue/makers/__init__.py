"""How candidates are made: generators of the places on a graph, and of what a mistake gives there."""
