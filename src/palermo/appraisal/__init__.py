"""Appraisal: treaties, indicators, and what each State has done, every figure open to its evidence."""
