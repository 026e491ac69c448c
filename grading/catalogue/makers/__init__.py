"""How candidates are made: each function here yields, for a question, the places and what a mistake gives there."""
