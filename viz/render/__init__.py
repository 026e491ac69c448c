"""One file a format: matplotlib, TikZ, DOT, text; and how files are written."""
