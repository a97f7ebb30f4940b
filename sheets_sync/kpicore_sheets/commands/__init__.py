"""The commands below `kpi sheets`, a module each."""
