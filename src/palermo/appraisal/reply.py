"""What a State answered to what people made of a provision, before it was published."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer in the State's own words; it is printed with the judgement."""

    text: str
    by: str
    on: date
