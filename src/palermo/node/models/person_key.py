"""Which cases of all agencies of this node are about one person, without saying who that is."""

from django.db import models

from .agency import Agency
from .case import Case


class PersonKey(models.Model):
    """A keyed digest of whom a case is about, sealed under the node's linkage key (`node.person_key`).

    Opened, two cases share a key where they are about one person; as they lie here all of them differ. They
    are only counted with: never shown, exported or logged. A case has one for each value that may tell.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="person_keys")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    key = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return self.case_id
