"""The faults of form that a document may have, before any rule about its meaning."""

from typing import Final

from palermo.standards.rule import Rule

NOT_AN_OBJECT: Final = Rule(
    id="not-an-object",
    wrong="An object is expected here.",
    remedy="Write a JSON object with the fields of this part.",
    wrong_fr="Un objet est attendu ici.",
    remedy_fr="Écrivez un objet JSON contenant les champs de cette partie.",
)
NOT_A_LIST: Final = Rule(
    id="not-a-list",
    wrong="A list is expected here.",
    remedy="Write a JSON list, with one item for each.",
    wrong_fr="Une liste est attendue ici.",
    remedy_fr="Écrivez une liste JSON, un élément par valeur.",
)
TOO_MANY: Final = Rule(
    id="too-many",
    wrong="The list has more than {most} items.",
    remedy="Split the record, or look for a loop in what wrote it.",
    wrong_fr="La liste compte plus de {most} éléments.",
    remedy_fr="Scindez la fiche, ou cherchez une boucle dans le programme qui l'a écrite.",
)
UNKNOWN_FIELD: Final = Rule(
    id="unknown-field",
    wrong="A key here is not part of schema {version}.",
    remedy="{hint}Keep columns of your own under local.",
    wrong_fr="Une clé ne fait pas partie du schéma {version}.",
    remedy_fr="{hint_fr}Conservez vos propres colonnes sous local.",
)
VERSION: Final = Rule(
    id="schema-version",
    wrong="The document does not say that it follows schema {version}.",
    remedy='Write "schema_version": "{version}".',
    wrong_fr="Le document n'indique pas qu'il suit le schéma {version}.",
    remedy_fr='Écrivez "schema_version": "{version}".',
)
ANSWER: Final = Rule(
    id="answer",
    wrong="A coded answer is expected here.",
    remedy='Write {{"value": CODE, "state": "answered"}}, or a null value and why.',
    wrong_fr="Une réponse codée est attendue ici.",
    remedy_fr='Écrivez {{"value": CODE, "state": "answered"}}, ou une valeur nulle et la raison.',
)
STATE: Final = Rule(
    id="state",
    wrong="The state of the answer is none of those known.",
    remedy="Use {states}.",
    wrong_fr="L'état de la réponse n'est pas reconnu.",
    remedy_fr="Utilisez {states}.",
)
NO_CODE: Final = Rule(
    id="no-code",
    wrong="There is no code here, though the answer counts as given.",
    remedy="Write a code of the list {vocabulary}, or give the answer another state.",
    wrong_fr="Aucun code ici, alors que la réponse est donnée.",
    remedy_fr="Écrivez un code de la liste {vocabulary}, ou changez l'état de la réponse.",
)
VALUE_AND_STATE: Final = Rule(
    id="value-and-state",
    wrong="A value stands beside a state that says there is none.",
    remedy='Set the value to null, or the state to "answered".',
    wrong_fr="Une valeur accompagne un état qui dit qu'il n'y en a pas.",
    remedy_fr='Mettez la valeur à null, ou l\'état à "answered".',
)
DATE: Final = Rule(
    id="date",
    wrong="This is not a date.",
    remedy="Write 2021-03-05, 2021-03, 2021, 202X for the decade, or XXXX if nobody knows.",
    wrong_fr="Ce n'est pas une date.",
    remedy_fr="Écrivez 2021-03-05, 2021-03, 2021, 202X pour la décennie, ou XXXX si nul ne le sait.",
)
MOMENT: Final = Rule(
    id="moment",
    wrong="This is neither a date nor a time.",
    remedy="Write a date, or a time with its offset such as 2021-03-05T14:30:00Z.",
    wrong_fr="Ce n'est ni une date ni une heure.",
    remedy_fr="Écrivez une date, ou une heure avec son décalage, par exemple 2021-03-05T14:30:00Z.",
)
INTEGER: Final = Rule(
    id="integer",
    wrong="A whole number is expected here.",
    remedy="Write it in digits, without quotation marks.",
    wrong_fr="Un nombre entier est attendu ici.",
    remedy_fr="Écrivez-le en chiffres, sans guillemets.",
)
NUMBER: Final = Rule(
    id="number",
    wrong="A number is expected here.",
    remedy="Write it in digits with a point for the decimals, without quotation marks.",
    wrong_fr="Un nombre est attendu ici.",
    remedy_fr="Écrivez-le en chiffres, avec un point décimal, sans guillemets.",
)
RANGE: Final = Rule(
    id="range",
    wrong="The number is not between {least} and {most}.",
    remedy="Check the number and its unit.",
    wrong_fr="Le nombre n'est pas compris entre {least} et {most}.",
    remedy_fr="Vérifiez le nombre et son unité.",
)
BOOLEAN: Final = Rule(
    id="boolean",
    wrong="True or false is expected here.",
    remedy="Write true or false, without quotation marks.",
    wrong_fr="Vrai ou faux est attendu ici.",
    remedy_fr="Écrivez true ou false, sans guillemets.",
)
TEXT: Final = Rule(
    id="text",
    wrong="A text of 1 to {most} characters without zero bytes is expected here.",
    remedy="Shorten it, or leave the field out where there is nothing to say.",
    wrong_fr="Un texte de 1 à {most} caractères sans octet nul est attendu ici.",
    remedy_fr="Raccourcissez-le, ou omettez le champ s'il n'y a rien à dire.",
)
REF: Final = Rule(
    id="ref",
    wrong="A reference is expected here.",
    remedy="Use 1 to 128 letters, digits and . _ : / + - and no blanks; never a name.",
    wrong_fr="Une référence est attendue ici.",
    remedy_fr="Employez 1 à 128 lettres, chiffres et . _ : / + - sans espace ; jamais un nom.",
)
MAP: Final = Rule(
    id="map",
    wrong="Codes with true, false, null, a number or a reference each are expected here.",
    remedy="Write a JSON object of one level.",
    wrong_fr="Des codes assortis de vrai, faux, nul, d'un nombre ou d'une référence sont attendus ici.",
    remedy_fr="Écrivez un objet JSON à un seul niveau.",
)
ID: Final = Rule(
    id="id",
    wrong="The identifier is not well formed, or its check character does not fit.",
    remedy="Copy it again, or leave it out and a node will make one.",
    wrong_fr="L'identifiant est mal formé, ou son caractère de contrôle ne correspond pas.",
    remedy_fr="Recopiez-le, ou omettez-le et un nœud en créera un.",
)
LOCAL: Final = Rule(
    id="local",
    wrong="A local column has no usable name or value.",
    remedy="Name it in 1 to 200 characters and keep its value as JSON of at most {most} characters.",
    wrong_fr="Une colonne locale n'a pas de nom ou de valeur utilisable.",
    remedy_fr="Nommez-la en 1 à 200 caractères et gardez sa valeur en JSON d'au plus {most} caractères.",
)

SHAPES: Final = tuple(each for each in list(globals().values()) if isinstance(each, Rule))
