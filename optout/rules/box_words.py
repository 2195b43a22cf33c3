"""The words by which pages name their boxes and options, in English and Spanish: data, no logic.

Each pattern is read against words that `plain_words` wrote down: lower case, without accents and
punctuation, “e-mail” as “email”. Order matters: what stands first takes its words away.
"""

from __future__ import annotations

import re
from typing import Final

from optout.model.fields import Field
from optout.model.words import Right
from optout.rules.accents import without_accents

# What a box wants that is no field of ours.
LINE_2: Final = "line 2"
COUNTRY: Final = "country"
COUNTY: Final = "county"
TITLE: Final = "title"
FREE_TEXT: Final = "free text"
THEIR_NUMBER: Final = "their number"
ACCOUNT: Final = "account"
AGE: Final = "age"
INITIAL: Final = "initial"
SOME_DATE: Final = "some date"
MONTH: Final = "month"
DAY: Final = "day"
YEAR: Final = "year"

Wanted = Field | str


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


WANTED: Final[tuple[tuple[Wanted, re.Pattern[str]], ...]] = (
    (Field.EMAIL, _any(r"e ?mail(?: addres+e?s?)?", r"correo(?: electronico)?")),
    (
        Field.LISTING_URL,
        _any(
            r"(?:listing|profile|record|result|page)s? (?:url|link|web ?address|page|address)s?",
            r"address of (?:the|your|this|my) (?:page|listing|profile|record|result)",
            r"(?:url|link|web ?address|enlace)s?(?: (?:of|to|for|from|in|a|de))*"
            r"(?: (?:your|the|my|our|su|tu))?(?: (?:listing|profile|record|page|result|perfil))?",
        ),
    ),
    (
        Field.BIRTH_DATE,
        _any(
            r"date of birth",
            r"birth ?date",
            r"d ?o ?b",
            r"birth ?day",
            r"born(?: on)?",
            r"fecha de nacimiento",
            r"nacimiento",
            r"birth",
        ),
    ),
    (
        Field.ZIP,
        _any(
            r"zip(?: ?code)?(?: 5)?(?: (?:or )?postal(?: ?code)?)?",
            r"post(?:al)? ?code",
            r"codigo postal",
            r"pcode",
            r"cp",
        ),
    ),
    (
        ACCOUNT,
        _any(r"user ?name", r"user ?id", r"log ?in", r"screen ?name", r"usuario", r"password"),
    ),
    (
        THEIR_NUMBER,
        _any(
            r"(?:account|customer|reference|case|order|member|client|policy|confirmation|consumer|"
            r"file|report|ticket|request|record|tracking)(?: (?:number|no|num|id|code|pin))",
            r"pin",
            r"iccid",
            r"imei",
            r"vin",
        ),
    ),
    (
        LINE_2,
        _any(
            r"(?:street )?addr(?:ess)?(?: line)? ?(?:2|two)",
            r"street ?2",
            r"line ?2",
            r"apt",
            r"suite",
            r"apartment(?: suite etc)?",
            r"unit(?: number)?",
            r"apto",
            r"departamento",
            r"second line",
        ),
    ),
    (INITIAL, _any(r"middle initial", r"m i", r"mi")),
    (
        Field.PHONE,
        _any(
            r"(?:(?:mobile|cell|home|daytime|contact|your|tele) ?)?phone(?: ?(?:number|no|num))?",
            r"mobile(?: number)?",
            r"cell(?:ular)?(?: number)?",
            r"tel(?:ephone)?(?: number)?",
            r"(?:numero de )?telefono(?: movil| celular)?",
            r"celular",
            r"movil",
        ),
    ),
    (
        Field.FULL_NAME,
        _any(
            r"(?:your )?(?:full|complete|entire|whole)(?: legal)? name",
            r"first(?: and|,)? last names?",
            r"first (?:and|plus) last(?: name)?",
            r"nombre completo",
            r"nombre y apellidos?",
            r"full ?name",
            r"(?:your )?legal name",
            r"nombre\(?s?\)? y apellido",
        ),
    ),
    (
        Field.MIDDLE_NAME,
        _any(r"middle ?names?", r"^middle$", r"m ?name", r"segundo nombre", r"additional name"),
    ),
    (
        Field.LAST_NAME,
        _any(
            r"last ?names?",
            r"^last$",
            r"sur ?name",
            r"family ?name",
            r"l ?name",
            r"apellidos?(?: s)?",
        ),
    ),
    (
        Field.FIRST_NAME,
        _any(
            r"first ?names?",
            r"^first$",
            r"given(?: ?names?)?",
            r"fore ?name",
            r"f ?name",
            r"primer nombre",
        ),
    ),
    (COUNTRY, _any(r"country(?: region)?", r"ctry", r"pais", r"nation")),
    (COUNTY, _any(r"county", r"condado", r"parish")),
    (
        Field.STREET,
        _any(
            r"(?:(?:street|home|mailing|current|postal|residential|physical|residence|your|full) )*"
            r"(?:address|addr)(?: ?line)?(?: ?(?:1|one))?",
            r"street(?: ?(?:name|number|1|address))*",
            r"line 1",
            r"direccion(?: postal| de domicilio| actual)?",
            r"domicilio",
            r"calle(?: y numero)?",
        ),
    ),
    (Field.CITY, _any(r"city", r"town", r"municipality", r"ciudad", r"localidad", r"suburb")),
    (
        Field.STATE,
        _any(
            r"state(?: of (?:residence|residency))?",
            r"province",
            r"region",
            r"residency",
            r"estado(?: de residencia)?",
            r"provincia",
        ),
    ),
    (
        TITLE,
        _any(
            r"suffix", r"prefix", r"salutation", r"honorific", r"tratamiento", r"mr mrs", r"title"
        ),
    ),
    (AGE, _any(r"(?:your )?age", r"edad")),
    (MONTH, _any(r"month", r"mm", r"mes")),
    (DAY, _any(r"day", r"dd", r"dia")),
    (YEAR, _any(r"year", r"yyyy", r"ano")),
    (
        FREE_TEXT,
        _any(
            r"comments?",
            r"messages?",
            r"details?",
            r"descri\w+",
            r"anything else",
            r"notes?",
            r"reasons?",
            r"why",
            r"how did you",
            r"hear about",
            r"explain",
            r"tell us",
            r"additional \w+",
            r"subject",
            r"comentarios?",
            r"mensaje",
            r"detalles?",
            r"motivo",
            r"other information",
            r"instructions?",
        ),
    ),
    (
        Field.FULL_NAME,
        _any(
            r"(?:your |the |consumer |requester |requestor )?names?",
            r"(?:su )?nombre s",
            r"(?:su )?nombre",
        ),
    ),
    (SOME_DATE, _any(r"date", r"fecha", r"today")),
)

# Names and ids of boxes say little on their own: these say nothing at all.
NAMES_NOTHING: Final = frozenset(
    [
        "name",
        "text",
        "value",
        "field",
        "input",
        "number",
        "id",
        "date",
        "address",
        "addr",
        "data",
        "item",
        "first",
        "last",
        "info",
        "contact",
        "user",
        "username",
        "title",
        "subject",
        "phone2",
        "line",
        "other",
        "record",
        "link",
    ]
)
# Parts of names that builders and frameworks put around what is meant.
AROUND_NAMES: Final = re.compile(
    r"\b(?:txt|input|field|form|frm|ctl|ctrl|the|lead|contact|customer|consumer|requester|requestor|"
    r"request|user|your|applicant|subject|element|dsar|id|tb|ddl|sel|cust|mat|wpforms|gform)\b|\d+"
)
MAIL_IN_NAMES: Final = _any(r"mail", r"eml")

# What the browser itself calls a box (HTML, “autofill”).
AUTOCOMPLETE: Final[dict[str, Wanted]] = {
    "name": Field.FULL_NAME,
    "given-name": Field.FIRST_NAME,
    "additional-name": Field.MIDDLE_NAME,
    "family-name": Field.LAST_NAME,
    "email": Field.EMAIL,
    "tel": Field.PHONE,
    "tel-national": Field.PHONE,
    "street-address": Field.STREET,
    "address-line1": Field.STREET,
    "address-line2": LINE_2,
    "address-line3": LINE_2,
    "address-level2": Field.CITY,
    "address-level1": Field.STATE,
    "postal-code": Field.ZIP,
    "country": COUNTRY,
    "country-name": COUNTRY,
    "bday": Field.BIRTH_DATE,
    "bday-month": MONTH,
    "bday-day": DAY,
    "bday-year": YEAR,
    "honorific-prefix": TITLE,
    "honorific-suffix": TITLE,
    "username": ACCOUNT,
}

# Whose box it is, where it is not the person's own.
SOMEBODY_ELSE: Final = _any(
    r"agents?",
    r"representatives?",
    r"attorneys?",
    r"lawyers?",
    r"guardians?",
    r"spouses?",
    r"employers?",
    r"compan(?:y|ies)",
    r"business(?:es)?",
    r"organi[sz]ations?",
    r"firm",
    r"relatives?",
    r"witness",
    r"emergency",
    r"agente",
    r"representante",
    r"apoderado",
    r"empresa",
    r"tutor",
    r"mother(?: s)?",
    r"father(?: s)?",
    r"child(?: s)?",
    r"minor(?: s)?",
    r"parents?",
    r"relationship",
    r"someone else",
    r"work",
    r"children(?: s)?",
    r"kids?",
    r"sons?",
    r"daughters?",
    r"deceased(?: s)?",
    r"decedent",
    r"husband",
    r"wife",
    r"partner",
    r"heirs?",
    r"executors?",
    r"caregivers?",
    r"family members?",
    r"household members?",
    r"madre",
    r"padres?",
    r"hij[oa]s?",
    r"espos[oa]",
    r"conyuge",
    r"pareja",
    r"menor(?:es)?",
    r"difunt[oa]",
    r"fallecid[oa]",
    r"abogad[oa]",
    r"familiar(?:es)?",
    r"empleador",
)
# A paper, a card or a thing of theirs: its state or ZIP is not where the person lives. Or somebody
# who is only described: “the person who sold it”.
OF_A_PAPER: Final = _any(
    r"(?:state|government|photo|national|military|school|student|tax|voter|tribal) id\w*",
    r"ids? (?:numbers?|no|num|cards?|issued)",
    r"identification",
    r"identificacion",
    r"issu(?:ed|ing|er|ance)",
    r"emision",
    r"expedid[oa]",
    r"licen[cs]es?",
    r"licencia",
    r"plates?",
    r"placas?",
    r"matricula",
    r"vehicles?",
    r"vehiculo",
    r"cards?",
    r"tarjeta",
    r"billing",
    r"facturacion",
    r"bank",
    r"banco",
    r"insurance",
    r"permit",
    r"passport",
    r"pasaporte",
    r"certificate",
    r"certificado",
    r"court",
    r"arrest\w*",
    r"accident",
    r"incident",
    r"(?:person|people|somebody|someone|anyone|individual|one) (?:who|whom|whose|that)",
    r"(?:persona|alguien) que",
    r"on behalf of",
)
# Facts of another time, or under another name.
FORMER: Final = _any(
    r"maiden",
    r"former(?:ly)?",
    r"previous",
    r"prior",
    r"old",
    r"past",
    r"alias(?:es)?",
    r"a ?k ?a",
    r"other names?",
    r"also known",
    r"nick ?name",
    r"preferred",
    r"anterior(?:es)?",
    r"soltera",
    r"alternat\w+",
    r"secondary",
    r"second(?:ary)? (?:email|phone)",
    r"additional (?:email|phone|name|address)\w*",
)
ADVERTISING: Final = _any(
    r"news ?letters?",
    r"offers?",
    r"promotions?",
    r"promo",
    r"marketing emails?",
    r"subscribe",
    r"updates?",
    r"news",
    r"ofertas?",
    r"noticias",
)
CONTACT_BY: Final = _any(
    r"contact you",
    r"delivery",
    r"reach you",
    r"preferred (?:contact|method)\w*",
    r"contact (?:method|preference)",
    r"how (?:should|would|do|can) \w+ (?:\w+ )?(?:contact|reply|respond|receive)",
    r"response (?:method|format)",
    r"send (?:it|them|this|the (?:report|answer|response))",
)
BY_EMAIL: Final = _any(r"e ?mail", r"by email", r"electronic(?:ally)?", r"correo electronico")
RESIDENT: Final = _any(r"residents?", r"i live in", r"reside", r"residente")
MYSELF: Final = re.compile(
    r"\b(?:my ?self|my own behalf|yourself|self|consumer|individual|for me|mi mismo|consumidor|"
    r"data subject|the subject of this request|usa? resident|i am the (?:person|consumer))\b"
)
UNITED_STATES: Final = re.compile(
    r"^(?:the )?(?:united states(?: of america)?|u ?s ?a?|estados unidos)$"
)

RIGHTS: Final[tuple[tuple[Right, re.Pattern[str]], ...]] = (
    (
        Right.OPT_OUT,
        re.compile(
            r"\bopt(?:ing)? ?out|\b(?:do not|don t|stop|not to) (?:sell|shar)|"
            r"\bstop selling|\bno vend|\bexclui"
        ),
    ),
    (Right.DELETE, re.compile(r"\bdelet|\beras|\bremov|\beliminar|\bborrar|\bsuprimir|\bforget")),
    (Right.CORRECT, re.compile(r"\bcorrect|\brectif|\bcorregir|\binaccura|\bfix my")),
    (Right.LIMIT, re.compile(r"\blimit|\bsensitive")),
    (Right.SUPPRESS, re.compile(r"\bsuppress|\bhide\b")),
    (
        Right.ACCESS,
        re.compile(
            r"\bknow\b|\baccess|\bcop(?:y|ies)\b|\bdisclos|"
            r"\bwhat (?:you|information|personal|data)|"
            r"\binfo(?:rmation)? request|\bportab|\bacceder|\bconocer|\breport\b|\bobtain"
        ),
    ),
)

DATE_FORMS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"mm ?/ ?dd ?/ ?(?:yyyy|aaaa)", re.IGNORECASE), "MM/DD/YYYY"),
    (re.compile(r"dd ?/ ?mm ?/ ?(?:yyyy|aaaa)", re.IGNORECASE), "DD/MM/YYYY"),
    (re.compile(r"(?:yyyy|aaaa)-mm-dd", re.IGNORECASE), "YYYY-MM-DD"),
    (re.compile(r"mm-dd-(?:yyyy|aaaa)", re.IGNORECASE), "MM-DD-YYYY"),
    (re.compile(r"mmddyyyy", re.IGNORECASE), "MMDDYYYY"),
    (re.compile(r"\b\d\d/\d\d/(?:19|20)\d\d\b"), "MM/DD/YYYY"),
)
BIRTHDAY_FORM: Final = re.compile(r"^\W*mm ?/ ?dd\W*$", re.IGNORECASE)
PHONE_WITH_DASHES: Final = re.compile(r"[\dx#]{3}-[\dx#]{3}-[\dx#]{4}", re.IGNORECASE)
MONTHS: Final = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ]
)

SENDS: Final = re.compile(
    r"\bsubmit|\bsend|\bopt ?out|\bremove|\bdelete|\brequest|\bfinish|\bcomplete|\bconfirm|"
    r"\benviar|\bsuppress|\bdo not sell|\bsearch"
)
GOES_ON: Final = re.compile(r"^(?:next|continue|proceed|siguiente|continuar|go on|start|begin)\b")


def plain_words(text: str) -> str:
    """Write words down for comparison: lower case, no accents, no punctuation, single spaces."""
    joined = re.sub(r"\be[- ]mail", "email", without_accents(text.casefold()))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", joined).split())


def words_of_name(name: str) -> str:
    """Take the name of a box apart: `txtFirstName_2` is “first name”."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(AROUND_NAMES.sub(" ", plain_words(apart.replace("_", " "))).split())
