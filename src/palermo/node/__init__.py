"""One installation of palermo: the only place that knows Django."""
