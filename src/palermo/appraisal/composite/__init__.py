"""Composite indices by the ten steps of the OECD and the JRC, with the uncertainty of every rank."""
