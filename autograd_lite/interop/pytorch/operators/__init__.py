"""ATen's operators as functions of this project, by kind."""
