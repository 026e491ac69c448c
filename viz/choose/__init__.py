"""Which variables are drawn, and how much is shown of each: levels, modules, single neurons, styles."""
