"""What people may ask of the pages."""

from typing import Any

from django.contrib.auth.forms import UserCreationForm


class AdministratorForm(UserCreationForm):  # type: ignore[type-arg]  # generic only in its stubs
    """The first user: a name, and a password twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password2"].label = "Password again"
        self.fields["password2"].help_text = ""
        self.fields["username"].help_text = ""
