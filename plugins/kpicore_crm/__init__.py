"""Sales: customers, deals, their stages, orders and all that is asked of them. A plugin like any other."""
