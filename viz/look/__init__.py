"""How things look, for every renderer alike: colours, strokes, heat maps."""
