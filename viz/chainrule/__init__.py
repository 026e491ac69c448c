"""The chain rule written out: which steps, what they say, how they are written."""
