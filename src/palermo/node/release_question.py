"""What a release is asked: the cases of which years, which columns, how much epsilon, how many ways."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from palermo.errors import InvalidRecord, Problem
from palermo.prevention.release import budget, case_table, cohort, schema_text
from palermo.prevention.release.codelist import CodeList
from palermo.prevention.release.plan import Plan
from palermo.prevention.release.schema import Column, Schema

YEAR = "year"
YEARS = range(1900, 2200)
MOST_YEARS = 60


@dataclass(frozen=True, kw_only=True)
class ReleaseQuestion:
    """`since` and `until` are years of registration, both counted. InvalidRecord names every fault at once.

    `persons` is a public bound: no more people than this are in it. Delta is made of it, so that nothing
    has to be counted; the larger it is, the more is promised.
    """

    since: int
    until: int
    columns: tuple[str, ...]
    epsilon: float = 1.0
    ways: int = 3
    persons: int = 1_000_000
    rows: bool = True
    seed: int = 1

    def __post_init__(self) -> None:
        if problems := tuple(_against(self)):
            raise InvalidRecord("release", problems)

    @cached_property
    def schema(self) -> Schema:
        """The columns asked, each with its public list; years are those that were asked about."""
        whole = case_table.schema()
        return replace(
            whole, columns=tuple(self._column(one) for one in whole.columns if one.name in self.columns)
        )

    def _column(self, one: Column) -> Column:
        if one.name != YEAR:
            return one
        years = tuple(str(year) for year in range(self.since, self.until + 1))
        return replace(one, listed=CodeList(codes=years))

    @property
    def schema_hash(self) -> str:
        """SHA-256 of the columns and their codes."""
        return hashlib.sha256(schema_text.written(self.schema).encode()).hexdigest()

    @property
    def delta(self) -> float:
        """Of the public bound of persons."""
        return budget.delta(self.persons)

    @cached_property
    def plan(self) -> Plan:
        """The queries, their noise and their cost."""
        return Plan(
            sizes=self.schema.sizes,
            epsilon=self.epsilon,
            delta=self.delta,
            ways=self.ways,
            persons=self.persons,
        )

    @property
    def cohort(self) -> str:
        """Whom it is about, as the ledger names it."""
        return cohort.named(self.since, self.until)

    def document(self) -> dict[str, Any]:
        """The question as it is stored."""
        return asdict(self) | {"columns": list(self.columns)}


def read(document: Mapping[str, Any]) -> ReleaseQuestion:
    """The question of a stored document."""
    return ReleaseQuestion(**{**document, "columns": tuple(document["columns"])})


def columns() -> tuple[Column, ...]:
    """What may be asked for, with labels."""
    return case_table.schema().columns


def population(asked: ReleaseQuestion) -> dict[str, str]:
    """Whom a release is about, in English, French and Arabic."""
    years = [str(year) for year in dict.fromkeys((asked.since, asked.until))]
    english, french, arabic = " to ".join(years), " à ".join(years), " إلى ".join(years)
    return {
        "en": f"Persons whose cases were registered with this node in {english}, "
        "where they could be told apart from one another.",
        "fr": f"Personnes dont les dossiers ont été enregistrés dans ce nœud en {french}, "
        "là où l'on pouvait les distinguer les unes des autres.",
        "ar": f"الأشخاص الذين سُجّلت ملفاتهم في هذه العقدة في {arabic}، حيث أمكن التمييز بينهم.",
    }


def _against(asked: ReleaseQuestion) -> Iterator[Problem]:
    failed = [rule for rule, (holds, _) in RULES.items() if not holds(asked)]
    if not failed and not _divides(asked):
        failed = ["release-epsilon"]
    for rule in failed:
        path, wrong, remedy, wrong_fr, remedy_fr, wrong_ar, remedy_ar = RULES[rule][1]
        yield Problem(
            rule=rule,
            path=path,
            wrong=wrong,
            remedy=remedy,
            wrong_fr=wrong_fr,
            remedy_fr=remedy_fr,
            wrong_ar=wrong_ar,
            remedy_ar=remedy_ar,
        )


def _divides(asked: ReleaseQuestion) -> bool:
    """Whether there is a budget for each of the tables."""
    try:
        return asked.plan.rho > 0
    except ValueError:
        return False


# Each rule: what must hold of a question, and what is said where it does not.
RULES: Mapping[str, tuple[Callable[[ReleaseQuestion], bool], tuple[str, ...]]] = {
    "release-years": (
        lambda asked: (
            asked.since in YEARS and asked.until in YEARS and 0 <= asked.until - asked.since < MOST_YEARS
        ),
        (
            "years",
            "The years are not years, the last comes before the first, or they are too many.",
            f"Give a first and a last year such as 2021, at most {MOST_YEARS} of them.",
            "Les années n'en sont pas, la dernière précède la première, ou elles sont trop nombreuses.",
            f"Donnez une première et une dernière année telles que 2021, {MOST_YEARS} au plus.",
            "ليست السنوات سنوات، أو تسبق الأخيرة الأولى، أو هي كثيرة جدا.",
            f"اذكر سنة أولى وسنة أخيرة مثل 2021، {MOST_YEARS} سنة على الأكثر.",
        ),
    ),
    "release-columns": (
        lambda asked: (
            bool(asked.columns)
            and len(set(asked.columns)) == len(asked.columns)
            and set(asked.columns) <= {one.name for one in columns()}
        ),
        (
            "columns",
            "There is no column, one twice, or one that is not released.",
            f"Choose from {', '.join(one.name for one in columns())}, each once.",
            "Il n'y a aucune colonne, une colonne deux fois, ou une qui n'est pas diffusée.",
            f"Choisissez parmi {', '.join(one.name for one in columns())}, chacune une fois.",
            "لا يوجد عمود، أو ذُكر عمود مرتين، أو ذُكر ما لا يُنشر.",
            f"اختر من {', '.join(one.name for one in columns())}، كلا منها مرة واحدة.",
        ),
    ),
    "release-epsilon": (
        lambda asked: 0.01 <= asked.epsilon <= 100,
        (
            "epsilon",
            "So little or so much cannot be divided among the tables.",
            "Use an epsilon from about 0.2; 1 to 4 is usual.",
            "Si peu ou tant ne se partage pas entre les tableaux.",
            "Prenez un epsilon à partir d'environ 0,2 ; de 1 à 4 est l'usage.",
            "لا يمكن تقسيم هذا القليل أو هذا الكثير على الجداول.",
            "استعمل إبسيلون من نحو 0.2؛ والمعتاد من 1 إلى 4.",
        ),
    ),
    "release-ways": (
        lambda asked: asked.ways in (1, 2, 3),
        (
            "ways",
            "So many columns are not counted together.",
            "Ask for 1, 2 or 3.",
            "On ne compte pas autant de colonnes ensemble.",
            "Demandez 1, 2 ou 3.",
            "لا يُعدّ هذا العدد من الأعمدة معا.",
            "اطلب 1 أو 2 أو 3.",
        ),
    ),
    "release-options": (
        lambda asked: 1 <= asked.persons <= 10**10 and 0 <= asked.seed < 2**31,
        (
            "persons",
            "The bound of persons or the public seed is out of range.",
            "Give a public number of people that is not too small, and a seed from 0.",
            "La borne du nombre de personnes ou la graine publique est hors limites.",
            "Donnez un nombre public de personnes qui ne soit pas trop petit, et une graine à partir de 0.",
            "حد عدد الأشخاص أو البذرة العامة خارج النطاق.",
            "اذكر عددا عاما من الناس ليس صغيرا جدا، وبذرة من 0 فصاعدا.",
        ),
    ),
}
