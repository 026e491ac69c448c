"""Which variables are drawn, and how much is said of each: levels, modules, single neurons, styles."""
