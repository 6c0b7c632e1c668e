"""Made-up tables of the made-up countries XA and XB, to try the appraisal without any published data."""

from importlib.resources import as_file, files

from palermo.appraisal import register


def read() -> register.Register:
    """The register that the made-up tables hold."""
    with as_file(files("palermo.appraisal.specimen").joinpath("tables")) as folder:
        return register.read(folder)
