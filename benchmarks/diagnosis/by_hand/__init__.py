"""Questions with the answers that somebody worked out by hand, right and wrong, without the engine."""
