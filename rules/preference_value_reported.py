"""The value of a preference is never reported.

Normandy changes preferences and may say which; what a preference is set to can tell what a person
has, does or believes.

Looked for: the values of the recipes, where they are given, and of the client's own stored studies
and rollouts; whole, as `name=value`, encoded, or cut by a limit, in every free text of every event.
Booleans, one-digit numbers and the names that a recipe gives itself prove nothing and count only as
`name=value`.

Cannot see: the value of a preference that no recipe or stored study names.
Cannot tell: a short value from the same short word used for something else; those are only looked
for as a whole text.
"""

from auditor import Rule, Severity
from auditor.history import change_preference, recipe

rule = Rule(
    clause="Note that the value of the\n         preference (old or new) is not given.",
    severity=Severity.HIGH,
    waivable=False,
    examines="texts",
    about="texts that could be searched for a telling preference value",
    subjects="known_values > 0 OR value_found IS NOT NULL",
    broken_when="value_found IS NOT NULL",
    says="a preference's value stands {value_found} in {stood_in}, {text}",
    shows={"the text": "TRUE"},
    mend="Delete the texts where they were received. Then find the way the value took: a "
    "recipe that writes it into a slug, a branch or a name, or code that puts it into a "
    "reason.",
    keeps=(
        recipe(preference="browser.home", value="https://home.example"),
        change_preference("e1", day=1, name="browser.home"),
    ),
    breaks=(
        recipe(preference="browser.home", value="https://home.example"),
        change_preference("e1", day=1, name="browser.home=https://home.example"),
    ),
)
