"""Made-up plans in Word, PDF and text for tests."""

import io

import docx
from pypdf import PdfWriter

HEAD = ("No.", "Activity", "Responsible institution", "Budget", "Time frame", "Indicator")
GOALS = {
    "Goal 1: Prevent trafficking": [
        ("1.1", "Run a campaign", "Ministry of Information", "USD 120,000", "2026-2027", "People reached"),
        ("1.2", "Train inspectors", "Labour inspectorate", "State budget", "Q3 2026", "Trained; Inspections"),
    ],
    "Goal 2: Protect victims": [
        ("2.1", "Open two shelters", "", "none", "ongoing", ""),
    ],
}
TEXT_FR = """PLAN D'ACTION NATIONAL 2026-2029

Avant-propos du ministre.

Axe 1 : Prévention de la traite
Action 1.1 : Mener une campagne de sensibilisation
Responsable : Ministère de l'Information
Coût : 1 234 567,5 USD
Échéance : d'ici 2027
Indicateur : Personnes atteintes

Axe 2 : Poursuites
Action 2.1 : Former les procureurs
Responsable : Parquet général
Financement : Budget de l'État
Calendrier : mars 2026 à juin 2027
"""


def a_word_file(goals=None, head=HEAD, preface="This plan was made by a committee."):
    paper = docx.Document()
    paper.add_heading("National Action Plan 2026-2029", level=1)
    paper.add_paragraph(preface)
    for goal, rows in (goals or GOALS).items():
        paper.add_heading(goal, level=2)
        table = paper.add_table(rows=1, cols=len(head))
        for cell, text in zip(table.rows[0].cells, head, strict=True):
            cell.text = text
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    return saved(paper)


def saved(paper):
    stream = io.BytesIO()
    paper.save(stream)
    stream.seek(0)
    return stream


def a_picture_pdf():
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    stream = io.BytesIO()
    writer.write(stream)
    stream.seek(0)
    return stream
