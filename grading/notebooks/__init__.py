"""What `check` needs of a notebook: variables as answers, functions as source, feedback as output."""
