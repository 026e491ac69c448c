"""Reports: a page for each student, one for the instructor, and marks as CSV; they open offline."""
