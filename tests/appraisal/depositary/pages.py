"""Pages in the layout of the depositaries, written for these tests; dates of real States are public facts."""

import io
from datetime import date

import xlsxwriter

CONSENT = "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)"
PARTICIPANTS = (
    ("Albania", "", "12 Dec 2000", "21 Aug 2002"),
    ("Finland", "", "12 Dec 2000", "7 Sep 2006 A"),
    ("Japan", "", "9 Dec 2002", ""),
    ("Kazakhstan", "", "", "31 Jul 2008 a"),
    ("Montenegro", "1", "", "23 Oct 2006 d"),
    ("European Union", "2", "12 Dec 2000", "6 Sep 2006 AA"),
    ("Country XA", "3", "", "[5 May 2005 a]"),
    ("Country XB", "", "1 Mar 2001", "4 Apr 2004"),
)
DECLARED = """
<h5>Declarations and Reservations</h5>
<p><i>(Unless otherwise indicated, the declarations and reservations were made upon ratification, acceptance,
approval, accession or succession.)</i></p>
<p><b>Country XB</b></p>
<p><i>Reservation:</i></p>
<p>Country XB does not consider itself bound by article 15, paragraph 2.</p>
<p>It says so again.</p>
<p><i>Declaration:</i></p>
<p>Country XB understands article 9 as it is written.</p>
<p><b>Kazakhstan</b></p>
<p><i>Upon signature:</i></p>
<p>A text made up for a test, and not declared by anyone.</p>
<h5>Objections</h5>
<p><i>(Unless otherwise indicated, the objections were made upon ratification.)</i></p>
<p><b>Country XC</b></p>
<p>14 March 2008</p>
<p>With regard to the reservation made by Country XB upon ratification: Country XC objects.</p>
<h5>End Note</h5>
<p>1. Bound by succession.</p>
<p>2. A declaration of competence.</p>
<p>3. On 26 October 2016, the Government of Country XA notified its withdrawal from the Protocol.</p>
<p>4. On 5 October 2010, the Government of Country XD informed the Secretary-General of its decision to
withdraw the reservation made upon accession.</p>
"""


def untc_html(
    participants=PARTICIPANTS,
    *,
    below=DECLARED,
    consent=CONSENT,
    status="STATUS AS AT : 15-11-2026 09:15:42 AM EDT",
    chapter="CHAPTER XVIII",
    title="12. a Protocol to Prevent, Suppress and Punish Trafficking in Persons",
    head="Participant",
):
    rows = "".join(
        f"<tr><td>{name}<sup>{note}</sup></td><td>{signed}</td><td>{bound}</td></tr>"
        for name, note, signed, bound in participants
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>UNTC</title>
<link rel="stylesheet" href="https://treaties.un.org/style.css"></head><body>
<script>var tables = "<table><tr><td>Participant</td></tr></table>";</script>
<span id="ctl00_lblAsOf">{status}</span>
<div><span>{chapter}</span><br><span>PENAL MATTERS</span></div>
<div><span>{title}</span></div>
<table><tr><td>Entry into force</td><td>:</td><td>25 December 2003</td></tr></table>
<table id="ctl00_ctl00_ContentPlaceHolder1_ContentPlaceHolderInnerPage_tblgrid" class="table">
<tr><td><b>{head}</b></td><td>Signature</td><td>{consent}</td></tr>{rows}</table>
{below}</body></html>""".encode()


def untc_xml(participants=PARTICIPANTS, *, consent=CONSENT, status="15-11-2026", title="Trafficking"):
    rows = "".join(
        f"<Row><Entry>{name}{_raised(note)}</Entry><Entry>{signed}</Entry><Entry>\t{bound}</Entry></Row>"
        for name, note, signed, bound in participants
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Treaties><Treaty><Header><Chapter><HeaderText>CHAPTER XVIII</HeaderText><Name>PENAL MATTERS</Name></Chapter>
<ExternalData><Titlesect>12. a {title}</Titlesect><Status><Parties>6</Parties></Status></ExternalData>
<LastUpdated>01-01-2020</LastUpdated><AsOf>{status}</AsOf></Header>
<Participants><Table><TGroup>
<Thead><Rows><Row><Entry>Participant</Entry><Entry>Signature</Entry><Entry>{consent}</Entry></Row></Rows></Thead>
<Tbody><Rows>{rows}</Rows></Tbody></TGroup></Table></Participants>
<Declarations><Declaration><Participant>Country XB</Participant>
<Text type="para">&lt;i&gt;Reservation:&lt;/i&gt;</Text>
<Text type="para">Country XB does not consider itself bound by article 15, paragraph 2.</Text></Declaration>
</Declarations>
<Objections><Objection><Participant>Country XC</Participant><Text type="para">14 March 2008</Text>
<Text type="para">With regard to the reservation made by Country XB: Country XC objects.</Text></Objection>
</Objections>
<EndNotes><EndNote><Number>3</Number><Text type="para">On 26 October 2016, the Government of Country XA
notified its withdrawal from the Protocol.</Text></EndNote></EndNotes>
</Treaty></Treaties>""".encode()


def _raised(note):
    return f"&lt;superscript&gt;{note}&lt;/superscript&gt;" if note else ""


def untc_excel(participants=PARTICIPANTS, *, consent=CONSENT, status="", head="Participant"):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Status")
    days = book.add_format({"num_format": "d mmm yyyy"})
    sheet.write_row(0, 0, ["CHAPTER XVIII 12. a Protocol", status])
    sheet.write_row(2, 0, [head, "Signature", consent])
    for number, (name, note, signed, bound) in enumerate(participants, start=3):
        for column, value in enumerate((f"{name} {note}".strip(), signed, bound)):
            sheet.write(number, column, value, days if isinstance(value, date) else None)
    book.close()
    return stream.getvalue()


RATIFIED = (
    ("Pakistan", "15 Feb 1960", "In Force   ", ""),
    ("Malaysia", "13 Oct 1958", "Not in force", "Denounced on 10 Jan 1990"),
    ("Country XA", "03 mars 1999", "In Force", ""),
    ("Country XB", "1 Jan 2026", "Not in force", "The Convention will enter into force on 1 Jan 2027"),
    ("Country XC", "1 Jan 2001", "Not in force", ""),
    ("China - Hong Kong Special Administrative Region", "1 Jul 1997", "In Force", ""),
)


def normlex_html(
    rows=RATIFIED, *, heading="Ratifications of C105 - Abolition of Forced Labour Convention, 1957"
):
    body = "".join(
        f'<tr><td><a href="#">{name}</a> </td><td>{on}</td><td>{status}</td><td>{note}</td></tr>'
        for name, on, status, note in rows
    )
    return f"""<!DOCTYPE html><html><head><title>NORMLEX</title></head><body><h1>{heading}</h1>
<table><tr><th>Country</th><th>Date</th><th>Status</th><th>Note</th></tr>{body}</table></body></html>""".encode()


def normlex_csv(rows=RATIFIED, *, convention="C105", header="Country,Convention,Date,Status,Note"):
    lines = [f'"{name}",{convention},{on},{status},"{note}"' for name, on, status, note in rows]
    return "\n".join([header, *lines, ""]).encode()
