"""The catalogue of mistakes, one file for each of its letters: data that can be read from top to bottom."""
