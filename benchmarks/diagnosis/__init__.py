"""Wrong answers planted by hand and from the catalogue: how many are named, and how many wrongly."""
