"""What there is to say of a record: the texts for `sifrules.validation.record`."""

from __future__ import annotations

import attrs

from sifrules.validation.issues import IssueTemplate, Severity
from sifrules.values.text import LocalizedText

_LOOK_UP = LocalizedText(
    sv="slå upp beslutet i källan; var det ett undantag, skriv det i grantens note",
    en="look the decision up in the source; if it was an exception, say so in the grant's note",
)

BEFORE_ANY = IssueTemplate(
    kind="granted_before_any_guideline",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="{name} beviljades ({date}) innan någon av riktlinjerna gällde",
        en="{name} was granted ({date}) before any of the guidelines was in force",
    ),
    why=LocalizedText(
        sv="den kan inte prövas mot några regler; en äldre riktlinje kan fattas",
        en="it cannot be tried by any rules; an older guideline may be missing",
    ),
    do=LocalizedText(
        sv="jämför datumet med riktlinjens; stämmer båda, skriv i note hur satsningen beviljades",
        en="compare the date with the guideline's; if both are right, say in note how it was "
        "granted",
    ),
)
NONE_IN_FORCE = IssueTemplate(
    kind="granted_without_guideline",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="{name} beviljades ({date}) när ingen av riktlinjerna gällde",
        en="{name} was granted ({date}) when none of the guidelines was in force",
    ),
    why=LocalizedText(
        sv="efter den första riktlinjen ska någon riktlinje gälla: ett datum är fel, eller en "
        "riktlinje fattas",
        en="after the first guideline some guideline should be in force: a date is wrong, or a "
        "guideline is missing",
    ),
    do=LocalizedText(
        sv="jämför datumen för satsningen och riktlinjerna med källorna",
        en="compare the dates of the grant and of the guidelines with the sources",
    ),
)
STARTED_FIRST = IssueTemplate(
    kind="started_before_granted",
    level=Severity.DOUBTFUL,
    what=LocalizedText(
        sv="{name} började ({starts}) innan den beviljades ({granted})",
        en="{name} started ({starts}) before it was granted ({granted})",
    ),
    why=LocalizedText(
        sv="pengar går sällan till det som redan pågår; ett av datumen kan vara fel",
        en="money seldom goes to what is already under way; one of the dates may be wrong",
    ),
    do=_LOOK_UP,
)
ENDS_FIRST = IssueTemplate(
    kind="ends_before_starts",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="{name} slutar ({ends}) innan den börjar ({starts})",
        en="{name} ends ({ends}) before it starts ({starts})",
    ),
    why=LocalizedText(
        sv="satsningens längd kan inte räknas ut", en="its duration cannot be worked out"
    ),
    do=LocalizedText(sv="rätta det ena av datumen", en="mend one of the dates"),
)
REFUSED = IssueTemplate(
    kind="would_be_refused",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="{name} ({date}): {policy} kräver enligt {rule} ({demand}), men {seen}",
        en="{name} ({date}): {policy} demands by {rule} ({demand}), but {seen}",
    ),
    why=LocalizedText(
        sv="riktlinjen som gällde skulle ha avslagit den: posten eller regeln är fel, eller så "
        "gjordes ett undantag",
        en="the guideline in force would have refused it: the record or the rule is wrong, or an "
        "exception was made",
    ),
    do=_LOOK_UP,
)
MAY_BE_REFUSED = attrs.evolve(
    REFUSED,
    kind="may_be_refused",
    level=Severity.DOUBTFUL,
    why=LocalizedText(
        sv="så noga som uppgifterna är kända kan riktlinjen ha avslagit den",
        en="as precisely as the facts are known, the guideline may have refused it",
    ),
    do=LocalizedText(
        sv="skriv datum och belopp så noga som källan anger dem",
        en="write dates and amounts as precisely as the source gives them",
    ),
)
YEAR_REFUSED = IssueTemplate(
    kind="year_would_be_refused",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="{year} beviljades {count} satsningar, kända belopp {sum} ({names}); {policy} kräver "
        "enligt {rule}: {demand}",
        en="{count} investments were granted in {year}, known amounts {sum} ({names}); {policy} "
        "demands by {rule}: {demand}",
    ),
    why=LocalizedText(
        sv="någon av dem skulle riktlinjen ha avslagit: posten eller regeln är fel, eller så "
        "gjordes ett undantag",
        en="the guideline would have refused one of them: the record or the rule is wrong, or an "
        "exception was made",
    ),
    do=_LOOK_UP,
)
YEAR_MAY_BE_REFUSED = attrs.evolve(
    YEAR_REFUSED,
    kind="year_may_be_refused",
    level=Severity.DOUBTFUL,
    why=LocalizedText(
        sv="dagarna är inte så noga kända att det går att säga om riktlinjen skulle ha avslagit "
        "någon av dem",
        en="the days are not known precisely enough to tell whether the guideline would have "
        "refused one of them",
    ),
    do=LocalizedText(
        sv="skriv dagen för varje beslut så noga som källan anger den",
        en="write the day of each decision as precisely as the source gives it",
    ),
)
OVERDRAWN = IssueTemplate(
    kind="more_granted_than_set_aside",
    level=Severity.WRONG,
    what=LocalizedText(
        sv="till och med {day} är {granted} beviljat, men bara {there} avsatt eller återfört",
        en="by {day} {granted} was granted, but only {there} was set aside or came back",
    ),
    why=LocalizedText(
        sv="mer än vad som finns kan inte beviljas: ett belopp är fel, eller en avsättning fattas",
        en="no more than there is can be granted: an amount is wrong, or an endowment is missing",
    ),
    do=LocalizedText(
        sv="jämför beloppen med källorna, och lägg till det som fattas",
        en="compare the amounts with the sources, and add what is missing",
    ),
)
MAY_BE_OVERDRAWN = attrs.evolve(
    OVERDRAWN,
    kind="maybe_more_granted_than_set_aside",
    level=Severity.DOUBTFUL,
    why=LocalizedText(
        sv="återföringar är inte listade i sin helhet; utan dem räcker pengarna inte",
        en="returns are not listed in full; without them the money does not suffice",
    ),
)
