"""The forms of the pages: login, password change, and the first administrator."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UserCreationForm
from django.forms import BaseForm
from django.utils.translation import gettext as _


class FocusOnFirstError(BaseForm):
    """A form that is shown again focuses its first invalid field.

    After an error that belongs to no field, such as a refused login, the password is focused, since
    the user has to type it again.
    """

    def full_clean(self) -> None:
        super().full_clean()
        if not self.errors:
            return
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)
        wrong = (name for name in self.fields if name in self.errors)
        passwords = (name for name in self.fields if "password" in name)
        self.fields[next(wrong, None) or next(passwords)].widget.attrs["autofocus"] = True


class LoginForm(FocusOnFirstError, AuthenticationForm):
    pass


class ChangePasswordForm(FocusOnFirstError, PasswordChangeForm):
    pass


class AdministratorForm(FocusOnFirstError, UserCreationForm):  # type: ignore[type-arg]  # generic only in its stubs
    """Creates the first user: a name, and a password twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password2"].label = _("Password again")
        self.fields["password2"].help_text = ""
        self.fields["username"].help_text = ""
