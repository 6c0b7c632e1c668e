"""Made-up workbooks and folders of CSV files of plans for tests."""

import csv
import io

import openpyxl

from palermo.appraisal.plan import form

PLAN = {"Plan id": "NAP-1", "State": "XA", "Title": "National plan", "First day": "2026-01-01"}
ACTION = {"Action id": "1.1", "Pillar": "Protection", "Action": "Open a shelter"}


def a_book(**sheets):
    """A workbook as a stream: rows by heading for each sheet; plan and actions stand there unless given."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"Plan": [PLAN], "Actions": [ACTION], **sheets}.items():
        if rows is None:
            continue
        page = book.create_sheet(name.replace("_", " "))
        head = list(dict.fromkeys(key for row in rows for key in row)) or ["Nothing"]
        page.append(head)
        for row in rows:
            page.append([row.get(key) for key in head])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def a_folder(folder, *, delimiter=",", encoding="utf-8", **sheets):
    for name, rows in {"plan": [PLAN], "actions": [ACTION], **sheets}.items():
        head = list(rows[0])
        with (folder / f"{name}.csv").open("w", newline="", encoding=encoding) as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(head)
            writer.writerows([row.get(key, "") for key in head] for row in rows)
    return folder


def in_french(sheet, row):
    """The same row under French headings."""
    names = {one.name.en: one.name.fr for one in form.sheets()[sheet].columns}
    return {names[key]: value for key, value in row.items()}
