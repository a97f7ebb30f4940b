"""Built-in sources: files and their doctor, and the systems that `kpi sync` reads."""
