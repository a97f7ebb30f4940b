"""Scans of the warehouse: from what is wanted to SQL with bound values, and from its rows to cells or lists."""
