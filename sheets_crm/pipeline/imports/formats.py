"""The formats of the outside tools' outputs as data: their headers and the target of each.

A format's *fields* list the headers that fill a target, best first: where two columns fill one target, the
first non-blank cell counts, row by row. A target is a Master column, or a name with ``@`` that only serves to
match or to decide. *Weak* headers (``status``, ``result``) mean other things in other files: they never decide
the format of a file. Sources: the owner's column lists; the public outputs of PhantomBuster's Sales
Navigator and LinkedIn company phantoms (English, French, Spanish labels); the verifiers' documented result
columns; Instantly's API v2 leads.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sheets_crm.pipeline.columns import COPY, LEAD_NUMBER, TARGET_ID, prompt_columns
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.step_words import CONTACTS, EXPORT, KIND_WORDS, shown_words, step_words

PEOPLE: Final = (EXPORT, CONTACTS)
"""Imports that bring new people, not the output of a step."""
PASSED_OVER: Final = frozenset({"", "send", "notes", "enviar", "notas"})
"""Keys of headers that every format ignores silently: the operator columns of the input tabs."""


@dataclass(frozen=True, slots=True)
class Field:
    """One target and the headers that fill it, best first; `weak` ones only once the format is known."""

    target: str
    headers: tuple[str, ...]
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """One output format.

    Attributes:
        step: The step whose output it is, or ``export``.
        name: The tool's name, to tell two formats of one step apart.
        fields: Its targets and their headers.
        evidence: Headers that only this format has; at least one is required.
        keys: Targets that identify the lead of a row; at least one is required.
        output: Targets that carry results; at least one is required.
        echo: Headers that such a file repeats from the batch; those are no evidence of another format.
        never: Targets that exclude this format.
    """

    step: str
    name: str
    fields: tuple[Field, ...]
    evidence: frozenset[str]
    keys: frozenset[str]
    output: frozenset[str]
    echo: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    @property
    def known(self) -> frozenset[str]:
        """Keys of every header of this format."""
        return frozenset(header_key(name) for field in self.fields for name in (*field.headers, *field.weak))


def _keys(*headers: str) -> frozenset[str]:
    return frozenset(header_key(header) for header in headers)


LEAD_FIELDS: Final = (
    Field(LEAD_NUMBER, ("LeadNumber", "Lead No", "payload.LeadNumber", "custom_variables.LeadNumber")),
    Field(TARGET_ID, ("TargetID", "payload.TargetID", "custom_variables.TargetID")),
)
PERSON_FIELDS: Final = (
    Field("@sales_url", ("personSalesUrl",), ("profileUrl", "salesNavigatorUrl")),
    Field(
        "@person_url",
        ("personLinkedinUrl",),
        ("defaultProfileUrl", "linkedInProfileUrl", "linkedinUrl", "linkedin"),
    ),
    Field("@vmid", ("vmid",)),
)
EMAIL_HEADERS: Final = (
    "email",
    "Email Address",
    "work_email",
    "valid_email",
    "results.email",
    "mail",
    "emailFromDropcontact",
    "mailFromDropcontact",
    "correo",
    "correo electrónico",
    "lead_email",
    "contact.email",
)
UNUSED: Final = (
    _keys("pastExperienceCompanyName", "pastExperienceCompanyUrl", "pastExperienceCompanyTitle")
    | _keys("pastExperienceDate", "pastExperienceDuration", "connectionDegree", "profileImageUrl")
    | _keys("profileImage", "isPremium", "searchAccountProfileName", "country", "geographicArea", "city")
    | _keys("postalCode", "address", "currency", "logoUrl", "noteCount", "isSaved", "logo", "banner")
    | _keys("timestamp_created", "organization", "campaign", "personalization", "first_name", "last_name")
    | _keys("full_name", "company_name", "job_title", "email_click_count", "company_domain", "list_id")
    | _keys("ZB_Account", "ZB_Domain", "ZB_First_Name", "ZB_Last_Name", "ZB_Gender", "ZB_Free_Email")
    | _keys("ZB_MX_Found", "ZB_MX_Record", "ZB_SMTP_Provider", "ZB_Did_You_Mean", "free", "role", "score")
    | _keys("regexp", "disposable", "id")
)
"""Headers of the outside tools that are understood but not imported."""
PERSON_KEYS: Final = frozenset({LEAD_NUMBER, "@sales_url", "@person_url", "@vmid", "@email"})

EXPORT_FORMAT: Final = Format(
    EXPORT,
    "Sales Navigator search export",
    (
        Field(TARGET_ID, ("TargetID",)),
        Field("firstName", ("firstName",)),
        Field("lastName", ("lastName",)),
        Field("personTitle", ("personTitle", "title")),
        Field("personTitleDescription", ("personTitleDescription", "titleDescription")),
        Field("personSummary", ("personSummary", "summary")),
        Field("personLocation", ("personLocation", "location")),
        Field("durationInRole", ("durationInRole",)),
        Field("durationInCompany", ("durationInCompany", "duration")),
        Field("personTimestamp", ("personTimestamp", "timestamp")),
        Field("personLinkedinUrl", ("personLinkedinUrl", "defaultProfileUrl", "linkedInProfileUrl")),
        Field("personSalesUrl", ("personSalesUrl", "profileUrl")),
        Field("companyName_fromP", ("companyName_fromP", "companyName")),
        Field("companyLinkedinUrl_fromP", ("companyLinkedinUrl_fromP", "regularCompanyUrl")),
        Field("companySalesUrl_fromP", ("companySalesUrl_fromP", "companyUrl")),
        Field("@vmid", ("vmid",)),
        Field("@linkedin_url", ("linkedInProfileUrl",)),
        Field("@full_name", ("fullName", "name")),
        Field("email", EMAIL_HEADERS),
        Field("@error", ("error",)),
        Field("@query", ("query",)),
    ),
    evidence=_keys(
        "vmid", "regularCompanyUrl", "linkedInProfileUrl", "sharedConnectionsCount", "defaultProfileUrl"
    )
    | _keys("personSalesUrl", "personLinkedinUrl", "searchAccountProfileId", "isOpenLink"),
    keys=frozenset({"personSalesUrl", "personLinkedinUrl", "@vmid", "email", "companyName_fromP"}),
    output=frozenset({"firstName", "lastName", "@full_name"}),
    # E-mail discovery can be switched on in the export itself; its addresses still have to be verified.
    echo=_keys("mailFromDropcontact", "emailFromDropcontact", "qualificationFromDropContact"),
    never=frozenset({LEAD_NUMBER}),
)

CONTACTS_FORMAT: Final = Format(
    CONTACTS, "contact list", (), evidence=frozenset(), keys=frozenset(), output=frozenset()
)
"""A list of people or companies; what its columns mean `sheets_crm.pipeline.imports.contacts` decides."""

VERIFICATION_FORMAT: Final = Format(
    "verification",
    "e-mail finder or verifier",
    (
        *LEAD_FIELDS,
        *PERSON_FIELDS,
        Field("@email", EMAIL_HEADERS),
        Field(
            "@verdict",
            (
                "email_validation",
                "validation",
                "results.validation",
                "email_status",
                "ZB Status",
                "qualification",
                "qualificationFromDropContact",
                "certainty",
                "Verification Status",
                "verification_result",
            ),
        ),
        Field("@weak_verdict", (), ("result", "status", "quality")),
        Field("@verified", ("verified",)),
        Field(
            "@success",
            ("validation_success", "validation_succes", "is_valid"),
            ("success", "valid", "results.success"),
        ),
        Field("firstName_cleaned", ("firstName_cleaned", "cleaned_first_name")),
        Field("lastName_cleaned", ("lastName_cleaned", "cleaned_last_name")),
    ),
    evidence=_keys(
        "email_validation", "validation", "results.validation", "email_status", "ZB Status", "qualification"
    )
    | _keys("qualificationFromDropContact", "certainty", "Verification Status", "verification_result", "verified")
    | _keys("validation_success", "validation_succes", "is_valid", "quality", "valid_email", "ZB Sub Status")
    | _keys("mx_records", "smtp_check", "gibberish", "accept_all", "is_safe_to_send", "credits_charged"),
    keys=PERSON_KEYS,
    output=frozenset({"@verdict", "@weak_verdict", "@success", "@verified"}),
)

_COMPANY_ASKED: Final = (
    *LEAD_FIELDS,
    Field("@query", ("query",)),
    Field("@company_id", ("companyId", "mainCompanyID", "linkedinID")),
    Field("@sent_urls", ("companySalesUrl_fromP", "companyLinkedinUrl_fromP")),
    Field("@error", ("error",)),
)
"""The company that was asked for, and the error if that failed."""
_COMPANY_BROUGHT: Final = (
    Field("companyName", ("companyName", "name", "nombre", "nom")),
    Field("companyDescription", ("companyDescription", "description", "descripción")),
    Field("companyTagLine", ("companyTagLine", "tagLine", "slogan", "eslogan")),
    Field("industry", ("industry", "sector", "secteur", "secteurD'activité", "industria")),
    Field("employeeCount", ("employeeCount", "employeesOnLinkedIn", "totalEmployeeCount")),
    Field(
        "companyLocation",
        (
            "companyLocation",
            "headquarters",
            "headquarter",
            "location",
            "sede",
            "siègeSocial",
            "siège",
            "ubicación",
        ),
    ),
    Field("website", ("website", "siteWeb", "sitioWeb", "página web", "Website URL", "Company Website", "web")),
    Field("domain", ("domain", "dominio", "domaine")),
    Field(
        "yearFounded",
        ("yearFounded", "founded", "fundación", "fondéeEn", "fondée", "fondation", "año de fundación"),
    ),
    Field(
        "specialties",
        ("specialties", "specialities", "especialidades", "spécialités", "spécialisations", "domaines"),
    ),
    Field("phone", ("phone", "teléfono", "téléphone")),
    Field("minRevenue", ("minRevenue",)),
    Field("maxRevenue", ("maxRevenue",)),
    Field("growth6Mth", ("growth6Mth",)),
    Field("growth1Yr", ("growth1Yr",)),
    Field("growth2Yr", ("growth2Yr",)),
    Field("linkedInCompanyUrl", ("linkedInCompanyUrl", "companyUrl", "link")),
    Field("salesNavigatorCompanyUrl", ("salesNavigatorCompanyUrl", "salesNavigatorLink")),
)
_COMPANY_FIELDS: Final = (*_COMPANY_ASKED, *_COMPANY_BROUGHT)
_COMPANY_KEYS: Final = frozenset(
    {LEAD_NUMBER, "@query", "@company_id", "@sent_urls", "linkedInCompanyUrl", "salesNavigatorCompanyUrl"}
)
_COMPANY_OUTPUT: Final = frozenset({field.target for field in _COMPANY_BROUGHT})
_COMPANY_BOTH: Final = _keys("growth6Mth", "growth1Yr", "growth2Yr", "companyTimestampSN", "companyTimestampLN")
_COMPANY_BOTH_TEXT: Final = _keys("companyDescription", "companyTagLine", "tagLine", "yearFounded", "specialties")

COMPANY_SN_FORMAT: Final = Format(
    "company_scrap",
    "Sales Navigator account scraper",
    (
        *_COMPANY_FIELDS,
        Field("companyTimestampSN", ("companyTimestampSN", "timestamp")),
        Field("companyTimestampLN", ("companyTimestampLN",)),
    ),
    evidence=_keys("salesNavigatorCompanyUrl", "linkedInCompanyUrl", "minRevenue", "maxRevenue", "medianTenure")
    | _keys("decisionMakersCount", "decisionMakersSearchUrl", "employeeSearchUrl", "employeeCountRange")
    | _COMPANY_BOTH
    | _COMPANY_BOTH_TEXT,
    keys=_COMPANY_KEYS,
    output=_COMPANY_OUTPUT,
)
COMPANY_LN_FORMAT: Final = Format(
    "company_scrap",
    "LinkedIn company scraper",
    (
        *_COMPANY_FIELDS,
        Field("companyTimestampLN", ("companyTimestampLN", "timestamp")),
        Field("companyTimestampSN", ("companyTimestampSN",)),
    ),
    evidence=_keys("mainCompanyID", "linkedinID", "salesNavigatorLink", "employeesOnLinkedIn", "companySize")
    | _keys("followerCount", "followersCount", "totalEmployeeCount", "averageTenure", "industryCode", "founded")
    | _keys("headquarters", "headquarter", "specialities", "companyAddress", "banner")
    | _keys("tailleDel'entreprise", "siteWeb", "siègeSocial", "spécialités", "spécialisations", "fondéeEn")
    | _keys("tamañoDelaempresa", "sitioWeb", "sede", "fundación", "especialidades")
    | _COMPANY_BOTH
    | _COMPANY_BOTH_TEXT,
    keys=_COMPANY_KEYS,
    output=_COMPANY_OUTPUT,
)

_BOX1_COPY: Final = (
    Field("subject", ("Subject", "asunto", "instantly_subject", "email_subject")),
    *(Field(f"body_{n}", (f"Body {n}", f"instantly_body{n}", f"cuerpo {n}")) for n in range(1, 5)),
)
_BOX1_EVIDENCE: Final = _keys("box1_result", "Box1Status", "Box1 Result", "classification", "clasificación")
_PROMPT_ONE: Final = {"version": "promptVersion", "user_prompt": "userPrompt", "output": "output"}

INSTANTLY_FORMAT: Final = Format(
    "instantly",
    "Instantly lead list or webhook rows",
    (
        *LEAD_FIELDS,
        *PERSON_FIELDS,
        Field("@payload", ("payload", "custom_variables", "custom variables")),
        Field("@email", EMAIL_HEADERS),
        Field("@word", ("instantly_status", "estado instantly", "event_type", "reply status"), ("estado",)),
        Field("@interest", ("lt_interest_status", "interest_status", "lead interest status")),
        Field("@label", ("interest_status_label", "lt_interest_label", "lead label")),
        Field("@status", ("lead_status", "campaign_status", "instantly_lead_status"), ("status",)),
        Field("@replies", ("email_reply_count", "reply count", "replies")),
        Field("@last_contact", ("timestamp_last_contact", "last contacted", "last_step_timestamp_executed")),
        Field("@last_reply", ("timestamp_last_interest_change", "timestamp_last_reply")),
        Field("@time", ("instantly_status_at", "timestamp_updated"), ("timestamp",)),
    ),
    evidence=_keys("instantly_status", "estado instantly", "event_type", "reply status", "lt_interest_status")
    | _keys("interest_status", "lead interest status", "interest_status_label", "lt_interest_label", "lead label")
    | _keys(
        "email_reply_count", "timestamp_last_contact", "timestamp_last_reply", "email_open_count", "lead_status"
    )
    | _keys("status_summary", "last contacted", "timestamp_last_interest_change", "campaign_status"),
    keys=PERSON_KEYS | {"@payload"},
    output=frozenset({"@word", "@interest", "@label", "@status", "@replies", "@last_contact"}),
)


def _box1_format(prompts: int) -> Format:
    named = [name for name in prompt_columns(prompts) if name.startswith("prompt")]
    fields = tuple(
        Field(name, (name,), (_PROMPT_ONE[name.split("_", 1)[1]],) if name.startswith("prompt1_") else ())
        for name in named
    )
    return Format(
        "box1",
        "Box 1",
        (
            *LEAD_FIELDS,
            *PERSON_FIELDS,
            Field("@email", EMAIL_HEADERS),
            Field(
                "box1_result",
                ("box1_result", "Box1Status", "Box1 Result", "classification", "clasificación"),
                ("result", "resultado", "status"),
            ),
            Field("box1_version", ("box1_version", "versión de box 1"), ("version",)),
            *_BOX1_COPY,
            *fields,
        ),
        evidence=_BOX1_EVIDENCE
        | _keys("promptVersion", "userPrompt", "box1_version", *COPY, *named)
        | _keys("Body 1", "instantly_body1", "Subject"),
        keys=PERSON_KEYS,
        output=frozenset({"box1_result"}),
    )


def import_kinds(schema: Schema) -> dict[str, str]:
    """The kinds of import by the words for them, as `header_key` has them."""
    return step_words(schema.steps, KIND_WORDS, *PEOPLE)


def kind_names(schema: Schema, language: str) -> list[str]:
    """The kinds of import as a workbook of a language shows them."""
    return shown_words(import_kinds(schema), schema.steps, language)


@lru_cache(maxsize=8)
def formats(schema: Schema) -> tuple[Format, ...]:
    """The output formats of a workbook: the built-in ones (company scrap has two) and one for each custom step.

    Formats of steps that are not in use are among them: else their outputs could pass for those of another step.
    Columns that the settings add to the Master are imported from any output whose step was not sent them.
    """
    built_in = (
        EXPORT_FORMAT,
        VERIFICATION_FORMAT,
        COMPANY_SN_FORMAT,
        COMPANY_LN_FORMAT,
        _box1_format(schema.prompts),
        INSTANTLY_FORMAT,
    )
    steps = {step.name: step for step in (*schema.steps, *schema.left_out)}
    own = tuple(_custom_format(step, schema) for step in schema.custom)
    return (*(_with_echo(each, steps.get(each.step), schema) for each in built_in if _used(each, steps)), *own)


def _used(form: Format, steps: dict[str, Step]) -> bool:
    return form.step == EXPORT or form.step in steps


def _with_echo(form: Format, step: Step | None, schema: Schema) -> Format:
    sent = () if step is None else tuple(header for header, _ in step.columns)
    echo = form.echo | _keys(*sent)
    if "validation_success" in sent:
        echo |= _keys("validation_succes")
    if form.step == "instantly":  # its lead list carries these besides what was uploaded
        echo |= _keys("verification_status", "Subject")
    extra = tuple(Field(name, (name,)) for name in schema.added if header_key(name) not in echo)
    return Format(
        form.step,
        form.name,
        (*form.fields, *extra),
        form.evidence,
        form.keys,
        form.output,
        echo
        | _keys(
            *schema.added
        ),  # so that a custom column beside this format's evidence does not prove a custom step
        form.never,
    )


def _custom_format(step: Step, schema: Schema) -> Format:
    """The format of a custom step: its state columns and the columns it brings are its evidence."""
    sent = _keys(*(header for header, _ in step.columns))
    added = tuple(name for name in schema.added if header_key(name) not in sent)
    marks = (step.status, step.completed_at, *step.brings)
    return Format(
        step.name,
        step.title,
        (
            *LEAD_FIELDS,
            *PERSON_FIELDS,
            Field("@email", EMAIL_HEADERS),
            Field("@state", (step.status,)),
            Field("@done", (step.completed_at,)),
            *(Field(name, (name,)) for name in added),
        ),
        evidence=_keys(*marks),
        keys=PERSON_KEYS,
        output=frozenset({"@state", "@done", *step.brings}),
        echo=sent,
    )
