"""Pictures of real models: run `make gallery`, or `python -m examples.gallery --out out/gallery`.

Here nn and viz meet, which do not know each other.
"""
