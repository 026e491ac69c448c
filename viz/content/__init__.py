"""What a picture says, before it has a place: variables, arrows, cuts, sums, notes."""
