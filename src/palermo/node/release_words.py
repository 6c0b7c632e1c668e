"""Why a step of a release cannot be taken, in English and French, by rule."""

from collections.abc import Mapping

from palermo.errors import Problem

_TEXTS: Mapping[str, tuple[str, str, str, str, str]] = {
    "release-texts": (
        "texts",
        "The title or the purpose is missing in English or French.",
        "Say each in both languages.",
        "Le titre ou l'objet manque en anglais ou en français.",
        "Dites chacun dans les deux langues.",
    ),
    "release-no-draft": (
        "state",
        "It is no draft any more.",
        "Draft a new release to change something.",
        "Ce n'est plus un projet.",
        "Rédigez une nouvelle diffusion pour changer quelque chose.",
    ),
    "release-approved": (
        "approved_at",
        "One person has approved it already.",
        "Another person approves it next.",
        "Une personne l'a déjà approuvée.",
        "Une autre personne l'approuve ensuite.",
    ),
    "release-first": (
        "approved_at",
        "Nobody has approved it.",
        "Approve it first.",
        "Personne ne l'a approuvée.",
        "Approuvez-la d'abord.",
    ),
    "release-not-approved": (
        "state",
        "It does not wait to be started.",
        "Two people approve a draft; then it is started once.",
        "Elle n'attend pas d'être lancée.",
        "Deux personnes approuvent un projet ; il est alors lancé une fois.",
    ),
    "release-not-done": (
        "state",
        "There is no pack that waits to be published.",
        "Wait until it is made, or draft a new release.",
        "Aucun paquet n'attend d'être publié.",
        "Attendez qu'il soit fait, ou rédigez une nouvelle diffusion.",
    ),
    "release-ended": (
        "state",
        "It runs, or it has ended.",
        "Wait until it is made; what failed or was withdrawn needs no withdrawal.",
        "Elle est en cours, ou elle a pris fin.",
        "Attendez qu'elle soit faite ; ce qui a échoué ou été retiré n'est plus à retirer.",
    ),
    "release-no-reason": (
        "reason",
        "No reason is given.",
        "Say for everybody to read why it counts no more.",
        "Aucun motif n'est donné.",
        "Dites, pour que tous le lisent, pourquoi elle ne vaut plus.",
    ),
    "release-cut-off": (
        "state",
        "It was cut off before it ended. What it reserved stays spent.",
        "Draft a new release.",
        "Elle a été interrompue avant la fin. Ce qu'elle a réservé reste dépensé.",
        "Rédigez une nouvelle diffusion.",
    ),
}

PROBLEMS: Mapping[str, Problem] = {
    rule: Problem(rule=rule, path=path, wrong=wrong, remedy=remedy, wrong_fr=wrong_fr, remedy_fr=remedy_fr)
    for rule, (path, wrong, remedy, wrong_fr, remedy_fr) in _TEXTS.items()
}
