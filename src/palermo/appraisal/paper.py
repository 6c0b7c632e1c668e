"""A report as PDF/UA-1, set by typst with the fonts that come with it: the same bytes on every machine."""

import json
from importlib.resources import files

import typst

from palermo.appraisal.edition import edition
from palermo.appraisal.report import Report
from palermo.appraisal.words import Language

FONT = "Libertinus Serif"


def pdf(report: Report, language: Language) -> bytes:
    """The report as a tagged, accessible PDF; the texts reach typst as data, never as markup."""
    view = edition(report, language, font=FONT)
    compiler = typst.Compiler(
        input=files("palermo.appraisal").joinpath("templates/report.typ").read_bytes(),
        ignore_system_fonts=True,
        sys_inputs={"view": json.dumps(view, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    return made if isinstance(made, bytes) else b"".join(made or [])
