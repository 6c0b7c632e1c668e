"""An agency: whoever keeps a list of people, from a shelter to a ministry."""

from django.db import models


class Agency(models.Model):
    """Known by a short code that stands in keys, audit entries and the lists of an overlap table."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=60, help_text="A code of the vocabulary organisation_type.")
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    closed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
