"""A class: submissions on the disk, graded side by side, each journalled once."""
