"""From questions to the scans that answer them: filters, requests, cubes, scans, and what is kept of them."""
