"""Marks: what of a user's own things has changed, for that user's other browsers and clients."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ChangeNumber(models.Model):
    """The number of the last change of a user's own things. Raising it locks the row until the
    transaction ends, so that changes of one user are committed in the order of their numbers."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Mark(models.Model):
    """`number`: the user's change number that last changed what is called `name`, such as
    `favourites`. `raised_at` is the database's time."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=24)
    number = models.PositiveBigIntegerField()
    raised_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="mark_unique_name")]
        indexes = [models.Index(fields=["raised_at"], name="mark_raised_at")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
