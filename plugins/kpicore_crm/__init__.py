"""What kpicore knows of customers, deals and their stages: a plugin like any other."""
