"""What `check` needs of a notebook: its variables as answers, its functions as source, feedback as its output."""
