"""The appraisal in SDMX: the data structure PALERMO:APPRAISAL(1.0), its code lists, messages and metadata."""
