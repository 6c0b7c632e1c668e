"""Every address of the node."""

from allauth.account import views as sign_in
from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from palermo.node.api import api
from palermo.node.views import (
    account,
    administration,
    administration_agency,
    administration_member,
    administration_session,
    administration_token,
    appraisal,
    figures,
    health,
    kit,
)

# Only these of django-allauth's pages are served: there is no sign-up and no e-mail.
ACCOUNT = [
    path("", account.overview, name="account"),
    path("code/", account.code, name="account_code"),
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("inactive/", sign_in.account_inactive, name="account_inactive"),
    path("reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("password/change/", sign_in.password_change, name="account_change_password"),
    # Where a password change leads someone who has no password: to their one-time code.
    path("password/set/", RedirectView.as_view(pattern_name="account_code"), name="account_set_password"),
    path("second-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
ADMINISTRATION = [
    path("", administration.overview, name="administration"),
    path("agencies/", administration_agency.agency_list, name="agency_list"),
    path("agencies/open/", administration_agency.agency_open, name="agency_open"),
    path("agencies/<slug:code>/close/", administration_agency.agency_close, name="agency_close"),
    path("members/", administration_member.member_list, name="member_list"),
    path("members/add/", administration_member.member_add, name="member_add"),
    path("members/<int:number>/", administration_member.member_page, name="member_page"),
    path("members/<int:number>/<slug:step>/", administration_member.member_step, name="member_step"),
    path("tokens/", administration_token.token_list, name="token_list"),
    path("tokens/issue/", administration_token.token_issue, name="token_issue"),
    path("tokens/<int:number>/revoke/", administration_token.token_revoke, name="token_revoke"),
    path("sessions/", administration_session.session_list, name="session_list"),
    path("sessions/<int:number>/end/", administration_session.session_end, name="session_end"),
]

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("language", set_language, name="set_language"),
    path("account/", include(ACCOUNT)),
    path("administration/", include(ADMINISTRATION)),
    path("api/v1/", api.urls),
    path("figures/", figures.page, name="figures"),
    path("appraisal/", appraisal.state_list, name="appraisal_list"),
    path("appraisal/report.css", appraisal.style, name="appraisal_style"),
    path("appraisal/<slug:code>/", appraisal.state, name="appraisal_state"),
    path("appraisal/<slug:code>/<slug:language>.pdf", appraisal.pdf, name="appraisal_pdf"),
]
if settings.DEBUG:
    urlpatterns.append(path("kit", kit.page, name="kit"))
handler429 = "palermo.node.views.account.too_many"
