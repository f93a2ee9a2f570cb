"""What people may ask of the pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UserCreationForm

from library.orders import TRACK_ORDERS
from library.track_selection import DEFAULT_SORT

MAX_SEARCH_LENGTH = 200


class TrackListForm(forms.Form):
    """The query of the track list: search, order and page."""

    q = forms.CharField(required=False, max_length=MAX_SEARCH_LENGTH, label="search")
    sort = forms.ChoiceField(
        required=False,
        choices=[(sort, sort) for sort in TRACK_ORDERS],
        error_messages={
            "invalid_choice": f"The list cannot be sorted by “%(value)s”, only by "
            f"{', '.join(TRACK_ORDERS)}."
        },
    )
    page = forms.IntegerField(
        required=False,
        min_value=1,
        error_messages={
            "invalid": "The page has to be a whole number.",
            "min_value": "Pages are counted from 1.",
        },
    )

    def clean_sort(self) -> str:
        return self.cleaned_data["sort"] or DEFAULT_SORT

    def clean_page(self) -> int:
        return self.cleaned_data["page"] or 1

    def problems(self) -> list[str]:
        """A sentence for each part of the query that makes no sense."""
        return [str(message) for messages in self.errors.values() for message in messages]


class AdministratorForm(UserCreationForm):  # type: ignore[type-arg]  # generic only in its stubs
    """The first user: a name, and a password twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password2"].label = "Password again"
        self.fields["password2"].help_text = ""
        self.fields["username"].help_text = ""
