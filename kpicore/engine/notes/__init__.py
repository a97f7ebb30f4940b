"""What answers say about their numbers: what was left out, what is not final, what is not known."""
