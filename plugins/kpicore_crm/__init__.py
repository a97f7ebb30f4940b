"""CRM sales: what kpicore knows of deals, stages and customers."""
