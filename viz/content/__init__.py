"""What a picture says, before anybody has decided where: variables, arrows, cuts, sums, notes."""
