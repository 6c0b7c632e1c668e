"""What may never enter an index: counts of victims found, and scores that others gave.

A State that looks for victims finds more of them: an index with that count would rank the honest worst, and
national definitions differ a thousandfold. Outside scores are context, never input.
"""

import re
import unicodedata

VICTIMS = (
    "detectedvictim",
    "victimsdetected",
    "victimdetected",
    "identifiedvictim",
    "victimsidentified",
    "traffickingvictim",
    "victimsoftrafficking",
    "detectedtrafficking",
    "estimatedvictim",
    "victimesdetectees",
    "victimesidentifiees",
    "victimesdelatraite",
    "vchtfdetv",
    "glotip",
    "htfdetv",
)
SCORES = ("tiptier", "p3total", "p3prosecution", "p3protection", "p3prevention", "criminalisationlevel")


def reason(*names: str) -> str:
    """Why something of these names may not enter an index; empty where it may."""
    plain = [_plain(name) for name in names]
    if any(word in name for word in VICTIMS for name in plain):
        return "counts victims that were found, so those who look would stand worst"
    if any(word in name for word in SCORES for name in plain):
        return "is a score that somebody else gave, which is context and never input"
    return ""


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", letters)
