"""Where everything stands: type measured, the graph laid out, the parts put together as plain data."""
