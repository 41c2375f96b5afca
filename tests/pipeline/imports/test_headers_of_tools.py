"""The headers that common tools write: each is understood, and what they mean where two could serve."""

import pytest

from sheets_crm.pipeline.imports.contacts.decide import contact_columns
from sheets_crm.pipeline.imports.contacts.rows import contact_row

TOOLS = {
    "HubSpot": "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Marketing contact status,"
    "Associated Company IDs (Primary),Primary Company,Buying Role,Membership Notes,Number of times contacted",
    "Salesforce": "Lead ID,Company,Unread,Converted,Reports To,Asst. Phone,MasterRecordId,AccountId,MailingStreet,"
    "MailingState,MailingPostalCode,HasOptedOutOfEmail,SystemModstamp,JigsawContactId,IsDeleted,Name,Email",
    "Pipedrive": "Person - Name,Person - Email - Work,Person - Instant messenger,Persona - Negocios abiertos",
    "Apollo": "First Name,Title,Company Name,Company Name for Emails,Email,Primary Email Catch-all Status,Subsidiary of,"
    "Tertiary Email,Tertiary Email Status,Qualify Contact,Cleaned Company Name,Secondary Email",
    "ZoomInfo": "ZoomInfo Contact ID,Last Name,First Name,Company Division Name,Email Address,Supplemental Email,"
    "Contact Accuracy Grade,Primary Sub-Industry,All Industries,Industry Hierarchical Category,Company Is Acquired",
    "PhantomBuster": "fullName,currentJob,imgUrl,skill1,baseUrl,mailFromDropcontact,phoneNumberFromDropcontact,civility,"
    "allSkills,vmid,error,isHiring,isOpenToWork,companyId,regularCompanyUrl,pastExperienceCompanyName,isPremium",
    "Evaboot": "First Name,Email,Is Likely To Engage,Years in Position,Months in Position,Years in Company,"
    "Linkedin URL Public,Prospect LinkedIn Summary,Company Specialities,Matches Filters",
    "Odoo": "Nombre mostrado,Nombre a mostrar,Correo electrónico,Empresa relacionada,Comercial,Tarifa,Arbeitsposition,"
    "Stichwörter,Zugehöriges Unternehmen,Nom affiché,Poste occupé,Est une société,Étiquettes,Société apparentée",
    "Zoho": "Lead Name,Email,Tag,Converted,Layout,Calificación",
    "Google Contacts": "First Name,E-mail 1 - Value,Relation 1 - Value,Short Name,Directory Server,Mileage,Sensitivity",
    "Outlook": "First Name,E-mail Address,Anniversary,Children,Manager's Name,PO Box,Private,User 1,IMAddress,Schools",
    "Outlook en español": "Nombre,Apellidos,Particular 2,RDSI,Localizador,Devolución de llamada,Teléfono del automóvil,"
    "Hijos,Iniciales,Kilometraje,Privado,Nombre del ayudante,Nombre de pantalla de correo electrónico",
    "Mailchimp": "Email Address,First Name,CONFIRM_IP,GMTOFF,DSTOFF,LEID,EUID",
    "Brevo": "EMAIL,SMS,OPT_IN,DOUBLE_OPT-IN",
    "Kompass": "Nombre de la empresa,Nombre directivo,Cargo directivo,Exporta,Importa,Forma jurídica,CA,Libellé NAF",
    "Cámaras": "Razón social,Tramo de empleados,Directivo,Exportador,Comunidad Autónoma,CCAA,Grupo IAE",
    "LinkedIn": "Nombre,Apellidos,URL,Empresa,Conectado el,Verbunden seit",
    "Instantly": "Email,First Name,ESP,Email Security Gateway,Upload Method,Lead Finder,Website Summary,payload",
    "Calendly": "Invitee Name,Invitee First Name,Invitee Last Name,Invitee Email,User Email,Canceled,Question 1",
    "formularios": "¿Cómo te llamas?,Deine E-Mail-Adresse,Puesto que ocupas,¿A qué se dedica tu empresa?",
    "Hoovers": "Company Name,Tradestyle,Employees (All Sites),Employees (Single Site),Tickersymbol,Contact Direct Email",
    "italiano": "Ragione sociale,Comune,Regione,Nazione,PEC,P.IVA,Codice fiscale,Codice ATECO,Fatturato,Forma giuridica,"
    "Posizione,Sede legale,Data iscrizione,Email",
    "Teamleader": "Naam,E-mail,Gemeente,Taal,Klant sinds,Aanspreking,Geslacht,Rechtsvorm,Beroep",
    "deutsch": "Unternehmensname,Telefon Zentrale,Telefon direkt,Kunde seit,Kundengruppe,Vertreter,Branchenbezeichnung,"
    "Geschäftsführung,Inhaber,Mobilnr.,Gründungsjahr",
    "español": "Empresa,E-mail,Prov.,EBITDA,Comunidad,Notas internas,Observaciones comerciales,Opiniones,Subcategoría",
    "Brasil e Portugal": "Nome,Data de cadastro,Origem,Situação,Morada,Concelho,Faturamento,Natureza jurídica,Logradouro",
}


@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_that_a_common_tool_writes_is_asked_about(tool):
    header = TOOLS[tool].split(",")
    assert [header[place] for place in contact_columns(header, []).unknown] == []


@pytest.mark.parametrize(
    ("header", "target", "chosen"),
    [
        ("fullName,school,company", "companyName", "company"),
        ("Full name,School", "companyName", "School"),
        ("Nombre mostrado,Compañía,Empresa relacionada", "companyName", "Empresa relacionada"),
        ("Company Name,Cleaned Company Name", "companyName", "Company Name"),
        ("Raison sociale,Nom dirigeant,Prénom dirigeant", "lastName", "Nom dirigeant"),
        ("Empresa,Nombre responsable,Apellidos responsable", "firstName", "Nombre responsable"),
        ("Nombre,Apellidos,Nombre del director", "firstName", "Nombre"),
        ("Full name,Company Sales Navigator URL", "companyLinkedinUrl", "Company Sales Navigator URL"),
        ("Full name,Company,Company HQ Phone", "phone", "Company HQ Phone"),
        ("Name,Email,Recommended Email", "email", "Recommended Email"),
        ("Full name,Company,SMS", "person_phone", "SMS"),
        ("FirstName,LastName,MailingCity", "personLocation", "MailingCity"),
        ("Nombre,Apellidos,Correo comercial", "email", "Correo comercial"),
        ("Full name,Company,Contact Direct Email", "email", "Contact Direct Email"),
    ],
)
def test_which_column_serves(header, target, chosen):
    names = header.split(",")
    assert names[contact_columns(names, []).columns[target][0]] == chosen


def test_a_country_is_read_out_of_the_id_that_odoo_gives_it():
    header = ["Nombre", "Apellidos", "Ciudad", "País/ID"]
    assert contact_columns(header, [["Ana", "Sol", "Cartago", "base.cr"]]).columns["country"] == (3,)
    decided = contact_columns(header, [["Ana", "Sol", "Cartago", "12"]])
    assert ("country" in decided.columns, decided.unknown) == (False, ())
    assert (
        contact_row({"personLocation": "Cartago", "country": "base.cr"}, "ES")["personLocation"] == "Cartago, CR"
    )
