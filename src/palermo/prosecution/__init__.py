"""Prosecution: offences, case networks, money, freezing."""
