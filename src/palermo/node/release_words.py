"""Why a step of a release cannot be taken, in English and French, by rule."""

from collections.abc import Mapping

from palermo.errors import Problem

_ALL = (
    Problem(
        rule="release-texts",
        path="texts",
        wrong="The title or the purpose is missing in English or French.",
        remedy="Say each in both languages.",
        wrong_fr="Le titre ou l'objet manque en anglais ou en français.",
        remedy_fr="Dites chacun dans les deux langues.",
    ),
    Problem(
        rule="release-no-draft",
        path="state",
        wrong="It is no draft any more.",
        remedy="Draft a new release to change something.",
        wrong_fr="Ce n'est plus un projet.",
        remedy_fr="Rédigez une nouvelle diffusion pour changer quelque chose.",
    ),
    Problem(
        rule="release-approved",
        path="approved_at",
        wrong="One person has approved it already.",
        remedy="Another person approves it next.",
        wrong_fr="Une personne l'a déjà approuvée.",
        remedy_fr="Une autre personne l'approuve ensuite.",
    ),
    Problem(
        rule="release-first",
        path="approved_at",
        wrong="Nobody has approved it.",
        remedy="Approve it first.",
        wrong_fr="Personne ne l'a approuvée.",
        remedy_fr="Approuvez-la d'abord.",
    ),
    Problem(
        rule="release-not-approved",
        path="state",
        wrong="It does not wait to be started.",
        remedy="Two people approve a draft; then it is started once.",
        wrong_fr="Elle n'attend pas d'être lancée.",
        remedy_fr="Deux personnes approuvent un projet ; il est alors lancé une fois.",
    ),
    Problem(
        rule="release-not-done",
        path="state",
        wrong="There is no pack that waits to be published.",
        remedy="Wait until it is made, or draft a new release.",
        wrong_fr="Aucun paquet n'attend d'être publié.",
        remedy_fr="Attendez qu'il soit fait, ou rédigez une nouvelle diffusion.",
    ),
    Problem(
        rule="release-ended",
        path="state",
        wrong="It runs, or it has ended.",
        remedy="Wait until it is made; what failed or was withdrawn needs no withdrawal.",
        wrong_fr="Elle est en cours, ou elle a pris fin.",
        remedy_fr="Attendez qu'elle soit faite ; ce qui a échoué ou été retiré n'est plus à retirer.",
    ),
    Problem(
        rule="release-no-reason",
        path="reason",
        wrong="No reason is given.",
        remedy="Say for everybody to read why it counts no more.",
        wrong_fr="Aucun motif n'est donné.",
        remedy_fr="Dites, pour que tous le lisent, pourquoi elle ne vaut plus.",
    ),
    Problem(
        rule="release-cut-off",
        path="state",
        wrong="It was cut off before it ended. What it reserved stays spent.",
        remedy="Draft a new release.",
        wrong_fr="Elle a été interrompue avant la fin. Ce qu'elle a réservé reste dépensé.",
        remedy_fr="Rédigez une nouvelle diffusion.",
    ),
    Problem(
        rule="risk-nothing",
        path="report",
        wrong="There is nothing to report on: the release has counts alone, or a single column.",
        remedy="Read how wrong its counts are instead.",
        wrong_fr="Il n'y a rien à examiner : la diffusion n'a que des effectifs, ou une seule colonne.",
        remedy_fr="Lisez plutôt l'erreur de ses effectifs.",
    ),
    Problem(
        rule="risk-there",
        path="report",
        wrong="The report is there, or it is being worked out.",
        remedy="Read it on its page.",
        wrong_fr="Le rapport existe, ou il est en cours.",
        remedy_fr="Lisez-le sur sa page.",
    ),
    Problem(
        rule="risk-not-done",
        path="report",
        wrong="There is no report to sign yet.",
        remedy="Wait until it is worked out, or have it worked out.",
        wrong_fr="Il n'y a pas encore de rapport à signer.",
        remedy_fr="Attendez qu'il soit établi, ou faites-le établir.",
    ),
    Problem(
        rule="risk-signed",
        path="report",
        wrong="An officer has signed the report.",
        remedy="It stays as they read it.",
        wrong_fr="Un délégué a signé le rapport.",
        remedy_fr="Il reste tel qu'il l'a lu.",
    ),
)
PROBLEMS: Mapping[str, Problem] = {problem.rule: problem for problem in _ALL}
