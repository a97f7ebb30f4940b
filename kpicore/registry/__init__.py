"""Everything that plugins gave, joined, checked and found by name."""
