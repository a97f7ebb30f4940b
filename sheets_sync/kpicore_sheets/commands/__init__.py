"""The commands below `kpi sheets`, each a file."""
