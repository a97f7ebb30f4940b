"""What stands behind an answer: inputs, statements, rows, and how variants differ."""
