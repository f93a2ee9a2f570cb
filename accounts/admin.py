"""The admin pages of users, who are administrators or listeners, of their API keys and of their app
passwords."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase

from accounts.api_keys import revoke
from accounts.app_passwords import revoke_app_passwords
from accounts.belongings import count_belongings, describe
from accounts.models import ApiKey, AppPassword
from accounts.roles import Role, give_role, is_administrator, of_role, role_of
from runtime.visible_text import printable

HELP = (
    "Listeners hear all of the library. Administrators also scan, purge, see these pages and "
    "manage users."
)


_added_actions: list[Callable[..., Any]] = []


def add_user_action(action: Callable[..., Any]) -> None:
    """Offer this action (see `django.contrib.admin.action`) in the list of users. For apps that
    keep things of users."""
    _added_actions.append(action)


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

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        added = (self.get_action(action) for action in _added_actions)
        return {**super().get_actions(request), **{each[1]: each for each in added if each}}

    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The users, and how many of which things go with them. Django's list would have a line for
        each of these things."""
        users = list(objs)
        found = count_belongings([user.pk for user in users])
        # Rows without a page of their own are of use to programs alone.
        shown = (model for model in found if self.admin_site.is_registered(model))
        counts = Counter({model: found[model] for model in shown})
        names = [f"User: {printable(user.get_username())}" for user in users]
        summary = {"users": len(users)} | {
            str(model._meta.verbose_name_plural): count for model, count in counts.most_common()
        }
        refused = set() if self.has_delete_permission(request) else {"user"}
        return [*names, *describe(counts)], summary, refused, []

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


class _MadeByUsers(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in its stubs
    """Rows that users make for themselves; administrators can only take them away."""

    list_select_related = ("user",)
    list_per_page = 100
    empty_value_display = "\N{EN DASH}"

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(ApiKey)
class ApiKeyAdmin(_MadeByUsers):
    """All users' keys. Administrators revoke them by deleting them; users make them."""

    list_display = (
        *("shown_name", "user", "beginning", "created_at", "last_used_at", "last_used_from"),
        "expires_at",
    )
    search_fields = ("name", "user__username", "beginning")
    search_help_text = "Name, user or beginning"
    exclude = ("name",)
    readonly_fields = ("shown_name",)

    @admin.display(description="name", ordering="name")
    def shown_name(self, key: ApiKey) -> str:
        return printable(key.name)

    def delete_model(self, request: HttpRequest, obj: ApiKey) -> None:  # noqa: ARG002
        revoke(ApiKey.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:  # noqa: ARG002
        revoke(queryset)


@admin.register(AppPassword)
class AppPasswordAdmin(_MadeByUsers):
    """All users' app passwords, without the secrets. Administrators revoke them; users make them.
    Rows stay, so that their users see what was revoked."""

    list_display = (
        *("shown_name", "user", "created_at", "last_used_at", "shown_client", "last_used_from"),
        "revoked_at",
    )
    list_display_links = None
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "user__username", "last_used_by")
    search_help_text = "Name, user or app"
    actions = ("revoke",)

    @admin.display(description="name", ordering="name")
    def shown_name(self, row: AppPassword) -> str:
        return printable(row.name)

    @admin.display(description="last used by", ordering="last_used_by")
    def shown_client(self, row: AppPassword) -> str:
        return printable(row.last_used_by)

    @admin.action(permissions=["revoke"], description="Revoke selected app passwords")
    def revoke(self, request: HttpRequest, queryset: QuerySet[AppPassword]) -> None:
        count = revoke_app_passwords(queryset)
        words = "1 app password was" if count == 1 else f"{count} app passwords were"
        messages.success(request, f"{words} revoked.")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False


admin.site.unregister(User)
admin.site.unregister(Group)  # groups are not used: there are only the two roles
admin.site.register(User, PeopleAdmin)
