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
    appraisal_report,
    audit,
    case,
    case_step,
    causes,
    estimation,
    estimation_sdg,
    estimation_signature,
    figures,
    framework,
    health,
    home,
    import_run,
    judgement,
    kit,
    plan,
    plan_step,
    release,
    release_new,
    release_public,
    release_step,
    risk,
    statement,
    treaty,
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
    path("agencies/<slug:code>/reopen/", administration_agency.agency_reopen, name="agency_reopen"),
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
CASES = [
    path("", case.case_list, name="case_list"),
    path("look-up/", case.case_look_up, name="case_look_up"),
    path("export/", case.case_export, name="case_export"),
    path("export/approve/", case.case_list_approve, name="case_list_approve"),
    path("emergencies/<int:number>/answer/", case_step.emergency_answer, name="emergency_answer"),
    path("<slug:reference>/", case.case_page, name="case_page"),
    path("<slug:reference>/open/", case_step.case_unseal, name="case_unseal"),
    path("<slug:reference>/move/", case_step.case_move, name="case_move"),
    path("<slug:reference>/approve/", case_step.case_approve, name="case_approve"),
    path("<slug:reference>/erase/", case_step.case_erase, name="case_erase"),
    path("<slug:reference>/emergency/", case_step.case_emergency, name="case_emergency"),
]
IMPORTS = [
    path("", import_run.import_list, name="import_list"),
    path("<int:number>/", import_run.import_page, name="import_page"),
    path("<int:number>/start/", import_run.import_start, name="import_start"),
    path("<int:number>/discard/", import_run.import_discard, name="import_discard"),
    path("<int:number>/progress/", import_run.import_progress, name="import_progress"),
    path("<int:number>/faults.jsonl", import_run.import_faults, name="import_faults"),
]
ESTIMATIONS = [
    path("", estimation.estimation_list, name="estimation_list"),
    path("new/", estimation.estimation_new, name="estimation_new"),
    path("look/", estimation.estimation_look, name="estimation_look"),
    path("start/", estimation.estimation_start, name="estimation_start"),
    path("<slug:reference>/", estimation.estimation_page, name="estimation_page"),
    path("<slug:reference>/progress/", estimation.estimation_progress, name="estimation_progress"),
    path("<slug:reference>/sign/", estimation_signature.estimation_sign, name="estimation_sign"),
    path(
        "<slug:reference>/countersign/",
        estimation_signature.estimation_countersign,
        name="estimation_countersign",
    ),
    path("<slug:reference>/withdraw/", estimation_signature.estimation_withdraw, name="estimation_withdraw"),
    path("<slug:reference>/sdg/", estimation_sdg.page, name="estimation_sdg"),
]
RELEASES = [
    path("", release.release_list, name="release_list"),
    path("plan/", release.release_plan, name="release_plan"),
    path("new/", release_new.release_new, name="release_new"),
    path("look/", release_new.release_look, name="release_look"),
    path("draft/", release_new.release_draft, name="release_draft"),
    path("risk/", risk.risk_list, name="risk_list"),
    path("risk/<slug:reference>/", risk.risk_page, name="risk_page"),
    path("risk/<slug:reference>/progress/", risk.risk_progress, name="risk_progress"),
    path("risk/<slug:reference>/ask/", risk.risk_ask, name="risk_ask"),
    path("risk/<slug:reference>/sign/", risk.risk_sign, name="risk_sign"),
    path("risk/<slug:reference>/compare/", risk.risk_compare, name="risk_compare"),
    path("risk/<slug:reference>/<str:name>", risk.risk_file, name="risk_file"),
    path("<slug:reference>/", release.release_page, name="release_page"),
    path("<slug:reference>/progress/", release.release_progress, name="release_progress"),
    path("<slug:reference>/approve/", release_step.release_approve, name="release_approve"),
    path("<slug:reference>/countersign/", release_step.release_countersign, name="release_countersign"),
    path("<slug:reference>/start/", release_step.release_start, name="release_start"),
    path("<slug:reference>/publish/", release_step.release_publish, name="release_publish"),
    path("<slug:reference>/withdraw/", release_step.release_withdraw, name="release_withdraw"),
    path("<slug:reference>/files/<str:name>", release.release_file, name="release_file"),
]
PLANS = [
    path("", plan.plan_list, name="plan_list"),
    path("template-<slug:language>.xlsx", plan.plan_template, name="plan_template"),
    path("files/<slug:reference>", plan.plan_file, name="plan_file"),
    path("files/<slug:reference>/map/", plan.plan_map, name="plan_map"),
    path("<slug:reference>/", plan.plan_page, name="plan_page"),
    path("<slug:reference>/carry/", plan_step.plan_carry, name="plan_carry"),
    path("<slug:reference>/withdraw/", plan_step.plan_withdraw, name="plan_withdraw"),
    path("<slug:reference>/actions/<int:number>/", plan.plan_action, name="plan_action"),
]
# Served to anybody, without a cookie (`published.Published`); `published.PREFIX` is their address.
PUBLISHED = [
    path("", release_public.release_public, name="release_public"),
    path("files/<slug:reference>/<str:name>", release_public.release_public_file, name="release_public_file"),
    path("<slug:language>/", release_public.release_public, name="release_public"),
    path("<slug:language>/<slug:reference>/", release_public.release_public_pack, name="release_public_pack"),
]
STATEMENTS = [
    path("", statement.statement_list, name="statement_list"),
    path("next/", statement.passage_next, name="passage_next"),
    path("<slug:reference>/", statement.statement_page, name="statement_page"),
    path("<slug:reference>/file", statement.statement_file, name="statement_file"),
    path("<slug:reference>/describe/", statement.statement_describe, name="statement_describe"),
    path("<slug:reference>/withdraw/", statement.statement_withdraw, name="statement_withdraw"),
    path("<slug:reference>/<int:number>/", statement.passage_page, name="passage_page"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("cases/", include(CASES)),
    path("imports/", include(IMPORTS)),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/verify/", audit.audit_verify, name="audit_verify"),
    # Browsers ask for it unasked; a page in its place would set a second cookie against forged requests.
    path("favicon.ico", RedirectView.as_view(url="/static/palermo/built/images/mark.svg"), name="favicon"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("language", set_language, name="set_language"),
    path("account/", include(ACCOUNT)),
    path("administration/", include(ADMINISTRATION)),
    path("api/v1/", api.urls),
    path("figures/", figures.page, name="figures"),
    path("estimations/", include(ESTIMATIONS)),
    path("releases/", include(RELEASES)),
    path("published/", include(PUBLISHED)),
    path("appraisal/", appraisal.state_list, name="appraisal_list"),
    path("appraisal/report.css", appraisal.style, name="appraisal_style"),
    path("appraisal/statements/", include(STATEMENTS)),
    path("appraisal/plans/", include(PLANS)),
    path("appraisal/causes/", causes.cause_list, name="causes_list"),
    path("appraisal/causes/<slug:code>/", causes.cause_page, name="causes_page"),
    path("appraisal/treaties/", treaty.treaty_list, name="treaty_list"),
    path("appraisal/treaties/<slug:treaty>/", treaty.treaty_page, name="treaty_page"),
    path("appraisal/framework/", framework.framework_list, name="framework_list"),
    path("appraisal/framework/<str:reference>/", framework.framework_page, name="framework_page"),
    path("appraisal/global/", appraisal_report.global_page, name="appraisal_global"),
    path(
        "appraisal/global/<slug:language>.<slug:ending>",
        appraisal_report.global_file,
        name="appraisal_global_file",
    ),
    path("appraisal/pillars/<slug:pillar>/", appraisal_report.pillar_page, name="appraisal_pillar"),
    path(
        "appraisal/pillars/<slug:pillar>/<slug:language>.<slug:ending>",
        appraisal_report.pillar_file,
        name="appraisal_pillar_file",
    ),
    path("appraisal/<slug:code>/", appraisal.state, name="appraisal_state"),
    path(
        "appraisal/<slug:code>/<slug:language>.<slug:ending>",
        appraisal_report.state_file,
        name="appraisal_file",
    ),
    path("appraisal/<slug:code>/assess/", judgement.assess_list, name="assess_list"),
    path("appraisal/<slug:code>/<slug:reference>/", judgement.provision_page, name="provision_page"),
]
if settings.DEBUG:
    urlpatterns.append(path("kit", kit.page, name="kit"))
handler429 = "palermo.node.views.account.too_many"
