"""Small tools that know nothing of KPIs: files, foreign code, the garbage collector."""
