"""Built-in sources: files and their doctor."""
