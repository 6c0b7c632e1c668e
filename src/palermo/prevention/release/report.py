"""A risk report as a value: what was asked, and what was found. The engine that tries it is `risk`."""

from dataclasses import dataclass
from typing import ClassVar

from palermo.prevention.release import membership
from palermo.prevention.release.exposure import LEAST, Exposure
from palermo.prevention.release.holdout import Alone
from palermo.prevention.release.inference import Inference
from palermo.prevention.release.membership import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The fields an attacker may know and those to stay hidden, by number, and how much is tried.

    `least` persons make a group large enough; `trials` releases of half the persons; `runs` releases with and
    as many without the target, `among` so many others.
    """

    known: tuple[int, ...]
    sensitive: tuple[int, ...]
    least: int = LEAST
    trials: int = 5
    runs: int = 100
    among: int = 2_000
    seed: int = 1

    def __post_init__(self) -> None:
        if self.least < 2 or self.trials < 1 or self.among < 1:
            raise ValueError("A report needs a group of 2, a trial and another person, at the least.")
        if self.runs < membership.FEWEST:
            raise ValueError(f"{self.runs} runs tell nothing. Ask for {membership.FEWEST} or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found of a release; the texts are made of it in `risk_text`."""

    releasable: ClassVar[bool] = False
    asked: Asked
    epsilon: float
    delta: float
    real: Exposure
    released: Exposure
    alone: Alone
    inferences: tuple[Inference, ...]
    membership: Membership

    @property
    def broken(self) -> bool:
        """Whether a test found more than the promise allows."""
        return self.membership.broken
