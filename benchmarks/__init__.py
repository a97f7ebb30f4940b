"""What is fast, measured: run.py."""
