"""The commands below `kpi sheets`, one module each."""
