"""Text from anywhere: made fit to be shown, and held against known names."""
