"""The admin pages of users, who are administrators or listeners."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase

from accounts.roles import Role, give_role, of_role, role_of

HELP = (
    "Listeners hear all of the library. Administrators also scan, purge, see these pages and "
    "manage users."
)


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in its stubs
    """A form with the user's role. Administrators cannot demote or deactivate themselves, so that
    at least one always remains."""

    role = forms.ChoiceField(
        choices=Role.choices, widget=forms.RadioSelect, initial=Role.LISTENER, help_text=HELP
    )
    acting_user_id: int | None = None

    class Meta:
        model = User
        fields = ("username", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["role"] = role_of(self.instance)
        if "is_active" in self.fields:
            self.fields["is_active"].help_text = "An inactive user cannot log in."

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        is_own = self.instance.pk is not None and self.instance.pk == self.acting_user_id
        if is_own and self.cleaned_data.get("role") == Role.LISTENER:
            self.add_error("role", "You cannot take this role from yourself.")
        if is_own and not self.cleaned_data.get("is_active", True):
            self.add_error("is_active", "You cannot lock yourself out.")
        return cleaned

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002  # as Django calls it
        user: User = self.instance
        give_role(user, self.cleaned_data["role"])
        return super().save(commit)  # type: ignore[no-any-return]


class ExistingUserForm(RoleForm, UserChangeForm):  # type: ignore[type-arg]
    """The form of an existing user. The password is changed on a separate page."""


class NewUserForm(RoleForm, UserCreationForm):  # type: ignore[type-arg]
    """The form of a new user: a name, the password twice, and a role."""

    class Meta:
        model = User
        fields = ("username",)


class RoleFilter(admin.SimpleListFilter):
    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        return Role.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:  # noqa: ARG002
        role = self.value()
        return queryset if role is None else of_role(queryset, role)


class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]  # generic only in its stubs
    """Django's admin of users, with a role instead of flags, groups and permissions."""

    form = ExistingUserForm
    add_form = NewUserForm
    list_display = ("username", "role", "is_active", "last_login")
    list_filter = (RoleFilter, "is_active")
    search_fields = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    actions = ("delete_selected",)
    fieldsets = ((None, {"fields": ("username", "password", "role", "is_active", "last_login",
                                    "date_joined")}),)  # fmt: skip
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2", "role")}),)

    @admin.display
    def role(self, user: User) -> str:
        return role_of(user).label

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.acting_user_id = request.user.pk  # Django creates this class anew for each request
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj != request.user and super().has_delete_permission(request, obj)

    @admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
    def delete_selected(
        self, request: HttpRequest, queryset: QuerySet[User]
    ) -> HttpResponseBase | None:
        """Django's action, with a clear message for the own account: Django would only say that a
        permission is missing."""
        if request.user in queryset:
            messages.error(request, "You cannot delete your own account.")
            return None
        return delete_selected(self, request, queryset)


admin.site.unregister(User)
admin.site.unregister(Group)  # groups are not used: there are only the two roles
admin.site.register(User, PeopleAdmin)
