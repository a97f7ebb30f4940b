"""What numbers mean: bands, guards, joint rules, and members of a dimension beside each other."""
