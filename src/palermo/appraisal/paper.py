"""A report as PDF/UA-1, set by typst with the fonts that come with it: the same bytes on every machine.

Those fonts have no Arabic letters. Noto Sans Arabic comes with the front end of the node, which is built with
it; `fonts` is the folder where it stands.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from palermo.appraisal.edition import edition
from palermo.appraisal.words import Language
from palermo.errors import Unreachable

if TYPE_CHECKING:
    from palermo.appraisal.report import Report

FONT = "Libertinus Serif"
ARABIC_FONT = "Noto Sans Arabic"
SHARP = 216.0
ARABIC_FILES = ("noto-sans-arabic-arabic-400-normal.ttf", "noto-sans-arabic-arabic-700-normal.ttf")


def pdf(report: "Report", language: Language, *, fonts: Path | None = None) -> bytes:
    """The report as a tagged, accessible PDF; the texts reach typst as data, never as markup."""
    folders = [_letters(fonts)] if language.right_to_left else []
    view = edition(report, language, font=f"{FONT}, {ARABIC_FONT}" if folders else FONT)
    for block in (one for section in view["sections"] for one in section["blocks"] if folders):
        if block["kind"] == "chart":
            block["png"] = _drawn(block["svg"], folders)
    source = files("palermo.appraisal").joinpath("templates/report.typ").read_bytes()
    given = {"view": json.dumps(view, ensure_ascii=False)}
    return _set(source, given, folders, format="pdf", pdf_standards=["ua-1"], timestamp=0)


def _drawn(svg: str, folders: list[str]) -> list[int]:
    """The bytes of the picture drawn as PNG: typst names no characters for Arabic text inside an SVG.

    PDF/UA-1 wants a name for every letter; the picture's text alternative and its table say what they spell.
    """
    source = b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image(bytes(sys.inputs.svg))"
    return list(_set(source, {"svg": svg}, folders, format="png", ppi=SHARP))


def _set(source: bytes, given: dict[str, str], folders: list[str], **how: Any) -> bytes:
    import typst  # 80 MB that a page on the screen does not need

    how_set: dict[str, Any] = {"ignore_system_fonts": True, "font_paths": folders, "sys_inputs": given}
    made = typst.Compiler(source, **how_set).compile(**how)
    return made if isinstance(made, bytes) else b"".join(made or [])


def _letters(fonts: Path | None) -> str:
    """The folder of the Arabic letters, or what to do where they are not built."""
    if fonts is None or not all((fonts / name).is_file() for name in ARABIC_FILES):
        raise Unreachable(
            "The Arabic PDF needs the font Noto Sans Arabic, which is built with the pages of the node. "
            "Run python hatch_build.py in the checkout, or take the page (--format html) instead."
        )
    return str(fonts)
