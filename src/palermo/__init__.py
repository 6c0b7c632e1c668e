"""palermo: the software that carries the Global Plan of Action to Combat Trafficking in Persons."""

__version__ = "0.1.0"
