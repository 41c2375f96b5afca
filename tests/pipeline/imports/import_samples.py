"""Headers of the outside tools as they are, and invented people to put under them."""

from sheets_crm.pipeline.imports.merge import MergeSettings, merge
from sheets_crm.pipeline.imports.recognise import blocks
from sheets_crm.pipeline.leads import mark_sent, no_leads, put, with_states
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS

SCHEMA = Schema(STEPS)
NOW = 46_346.5
LATER = NOW + 1
COUNTS = ("new", "updated", "unchanged", "duplicate", "rejected")

EXPORT = [
    "profileUrl",
    "fullName",
    "firstName",
    "lastName",
    "companyName",
    "title",
    "companyId",
    "companyUrl",
    "regularCompanyUrl",
    "summary",
    "titleDescription",
    "industry",
    "companyLocation",
    "location",
    "durationInRole",
    "durationInCompany",
    "pastExperienceCompanyName",
    "pastExperienceCompanyUrl",
    "pastExperienceCompanyTitle",
    "pastExperienceDate",
    "pastExperienceDuration",
    "connectionDegree",
    "profileImageUrl",
    "sharedConnectionsCount",
    "name",
    "vmid",
    "linkedInProfileUrl",
    "isPremium",
    "isOpenLink",
    "query",
    "timestamp",
    "defaultProfileUrl",
    "searchAccountProfileId",
    "searchAccountProfileName",
]
COMPANY_SN = [
    "companyId",
    "companyName",
    "description",
    "tagLine",
    "industry",
    "website",
    "domain",
    "location",
    "country",
    "geographicArea",
    "city",
    "postalCode",
    "address",
    "headquarters",
    "employeeCount",
    "employeeCountRange",
    "medianTenure",
    "yearFounded",
    "specialties",
    "phone",
    "currency",
    "minRevenue",
    "maxRevenue",
    "growth6Mth",
    "growth1Yr",
    "growth2Yr",
    "linkedInCompanyUrl",
    "salesNavigatorCompanyUrl",
    "decisionMakersSearchUrl",
    "employeeSearchUrl",
    "logoUrl",
    "decisionMakersCount",
    "noteCount",
    "isSaved",
    "query",
    "timestamp",
    "error",
]
COMPANY_LN = [
    "companyUrl",
    "companyName",
    "name",
    "tagLine",
    "description",
    "website",
    "domain",
    "industry",
    "industryCode",
    "companySize",
    "headquarters",
    "founded",
    "specialties",
    "phone",
    "companyAddress",
    "logo",
    "banner",
    "mainCompanyID",
    "linkedinID",
    "salesNavigatorLink",
    "employeesOnLinkedIn",
    "followerCount",
    "totalEmployeeCount",
    "growth6Mth",
    "growth1Yr",
    "growth2Yr",
    "averageTenure",
    "link",
    "query",
    "timestamp",
    "error",
]
INSTANTLY = [
    "id",
    "timestamp_created",
    "timestamp_updated",
    "organization",
    "campaign",
    "status",
    "email",
    "personalization",
    "website",
    "last_name",
    "first_name",
    "company_name",
    "job_title",
    "phone",
    "email_open_count",
    "email_reply_count",
    "email_click_count",
    "company_domain",
    "status_summary",
    "payload",
    "last_step_timestamp_executed",
    "lt_interest_status",
    "verification_status",
    "timestamp_last_contact",
    "timestamp_last_open",
    "timestamp_last_reply",
    "timestamp_last_interest_change",
    "list_id",
]
BOX1 = ["LeadNumber", "Subject", "Body 1", "Body 2", "Body 3", "Body 4", "classification", "box1_version"]
VERIFICATION = ["LeadNumber", "email", "email_validation", "validation_succes"]


def person(n, **more):
    """An exported person: four colleagues work at a company."""
    firm = 1000 + n // 4
    cells = {
        "profileUrl": f"https://www.linkedin.com/sales/lead/ACwAAAX{n:07d},NAME_SEARCH,aB1c",
        "fullName": f"Ana Prueba{n}",
        "firstName": "Ana",
        "lastName": f"Prueba{n}, MBA",
        "companyName": f"Empresa {firm} S.L.",
        "title": "Directora de Operaciones",
        "companyId": str(firm),
        "companyUrl": f"https://www.linkedin.com/sales/company/{firm}",
        "regularCompanyUrl": f"https://www.linkedin.com/company/{firm}",
        "summary": '=1+1 "quoted", text\nand a second line',
        "location": "Madrid",
        "vmid": f"ACwAAAX{n:07d}",
        "linkedInProfileUrl": f"https://www.linkedin.com/in/ACwAAAX{n:07d}",
        "query": "https://www.linkedin.com/sales/search/people?query=x",
        "timestamp": "2024-07-11T18:03:01.973Z",
        "defaultProfileUrl": f"https://www.linkedin.com/in/ana-prueba-{n}",
    }
    return cells | more


def table(header, *rows):
    """A grid: the header and rows given as dictionaries."""
    return [list(header), *([row.get(name, "") for name in header] for row in rows)]


def only_block(grid, step=None, schema=SCHEMA):
    (block,) = blocks(grid, schema, step)
    return block


def counts(outcome):
    return {name: getattr(outcome, name) for name in COUNTS if getattr(outcome, name)}


def imported(leads, grid, *, step=None, now=LATER, schema=SCHEMA, **settings):
    """Merge the only block of a grid; the five counts add up to its rows."""
    block = only_block(grid, step, schema)
    assert block.problem is None, str(block.problem)
    next_number = int(leads.index.max()) + 1 if len(leads) else 1
    outcome = merge(leads, block, MergeSettings(schema=schema, now=now, **settings), next_number=next_number)
    assert sum(getattr(outcome, name) for name in COUNTS) == len(block.rows)
    assert len(outcome.rejects) == outcome.rejected
    return outcome


def people(count=8, schema=SCHEMA, **more):
    """The leads of an export of so many people."""
    grid = table(EXPORT, *(person(n, **more) for n in range(1, count + 1)))
    return with_states(imported(no_leads(schema), grid, now=NOW, target_id="T1", schema=schema).leads, schema)


def sent(leads, step, *numbers, version="v1", batch="X-0001"):
    return mark_sent(leads, SCHEMA.step(step), numbers, batch=batch, now=NOW, box1_version=version)


def verified(count=8):
    leads = people(count)
    for number in leads.index:
        leads = put(leads, [number], {"email": f"lead{number}@ejemplo.es"})
    done = {
        "validation_success": True,
        "email_validation": "valid",
        "verification_sent": True,
        "verification_status": "completed",
    }
    return with_states(put(leads, leads.index, done), SCHEMA)


def cells(outcome_or_leads, number, *columns):
    leads = getattr(outcome_or_leads, "leads", outcome_or_leads)
    found = tuple(leads.loc[number, column] for column in columns)
    return found[0] if len(found) == 1 else found


def reasons(outcome):
    return outcome.rejects["reason"].tolist()
