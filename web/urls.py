"""The URLs of the pages."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from accounts.app_passwords import PAGE
from web import account, scrobbling, shares, views
from web.app_passwords import Apps, RestoreApp, RevokeAllApps, RevokeApp, ShowApp
from web.keys import Keys, RevokeAllKeys, RevokeKey
from web.passwords import ChangePassword, PasswordChanged
from web.sound import KeepSound

urlpatterns = [
    path("", views.player, name="player"),
    # Views inside the player; `static/web/player/router.js` has the same list.
    re_path(
        r"^(?:search|radio|tracks|history|statistics|bookmarks|shares|scans|offline|(?:albums|artists|genres|composers|labels|decades|years|folders|playlists)(?:/[0-9]+)?)/?$",
        views.player,
    ),
    path("service-worker.js", views.player_service_worker),
    path("login/", views.Login.as_view(), name="login"),
    # Needs no login: a user whose session has expired should not have to log in to log out.
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("account/", account.Account.as_view(), name="account"),
    path("account/appearance/", account.Appearance.as_view(), name="appearance"),
    path("account/sound/", KeepSound.as_view(), name="sound"),
    path("account/language/", account.Language.as_view(), name="language"),
    path("account/logins/end-others/", account.EndOthers.as_view(), name="end_other_logins"),
    path("account/logins/<int:login_id>/end/", account.EndLogin.as_view(), name="end_login"),
    path("password/", ChangePassword.as_view(), name="password"),
    path("password/changed/", PasswordChanged.as_view(), name="password_changed"),
    path(PAGE, Apps.as_view(), name="apps"),
    path(f"{PAGE}revoke-all/", RevokeAllApps.as_view(), name="revoke_all_apps"),
    path(f"{PAGE}<int:app_id>/", ShowApp.as_view(), name="app"),
    path(f"{PAGE}<int:app_id>/revoke/", RevokeApp.as_view(), name="revoke_app"),
    path(f"{PAGE}<int:app_id>/restore/", RestoreApp.as_view(), name="restore_app"),
    path("keys/", Keys.as_view(), name="keys"),
    path("keys/revoke-all/", RevokeAllKeys.as_view(), name="revoke_all_keys"),
    path("keys/<int:key_id>/revoke/", RevokeKey.as_view(), name="revoke_key"),
    path("scrobbling/", scrobbling.Scrobbling.as_view(), name="scrobbling"),
    path("scrobbling/import/", scrobbling.ImportHistory.as_view(), name="scrobbling_import"),
    path("scrobbling/log-in/<slug:kind>/", scrobbling.LogIn.as_view(), name="scrobbling_login"),
    path(
        "scrobbling/logged-in/<slug:kind>/<slug:state>/",
        scrobbling.LogInEnd.as_view(),
        name="scrobbling_login_end",
    ),
    path(
        "scrobbling/<int:account_id>/switch/",
        scrobbling.Switch.as_view(),
        name="scrobbling_switch",
    ),
    path(
        "scrobbling/<int:account_id>/try-now/",
        scrobbling.TryNow.as_view(),
        name="scrobbling_try_now",
    ),
    path(
        "scrobbling/<int:account_id>/disconnect/",
        scrobbling.Disconnect.as_view(),
        name="scrobbling_disconnect",
    ),
    path(
        "scrobbling/<int:account_id>/refused/",
        scrobbling.Refused.as_view(),
        name="scrobbling_refused",
    ),
    path("setup/", views.setup, name="setup"),
    re_path(r"^s/(?P<token>[^/]*)/?$", shares.share, name="share"),
    re_path(
        r"^s/(?P<token>[a-z2-7]+)/(?P<visit>[a-z2-7]+-[0-9]+)/from-(?P<start>[0-9]{1,6})-(?P<key>[a-z2-7]+)$",
        shares.share_from,
        name="share_from",
    ),
    re_path(r"^s/", shares.gone),
]
