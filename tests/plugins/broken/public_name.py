# NoSuchName: module 'kpicore' has no attribute 'Metrix'. Did you mean 'Metric'? (public_name.py, line 5)

import kpicore

kpicore.Metrix  # noqa: B018
