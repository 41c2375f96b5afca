"""The words of headers that are no things to be brought: little words, numbers, and what is understood and left.

Written as in `header_words`.
"""

from __future__ import annotations

from typing import Final


def words(listed: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(listed.split())


FILLERS: Final = words(
    "de del della di da do das dos du des la el los las le les il lo l d of the for your you su sus tu tus mi te "
    "in en im an on a o os as y et und and or ou con with para por pour per is es al au zum zur der die dem den "
    "van von het een value current actual aktuell associated asociada asociado mailing trabajas un una ein eine "
    "que cual ocupas deine dein ihre ihr actuel actuelle interna internas internal most public "
    "regular cleaned fromdropcontact what which please enter indique introduce "
    "escriba se s cu defaultaddress"
)
"""Words that change nothing in what a header says; ``defaultaddress`` is Shopify's ("Default Address Company")."""
PRIMARY: Final = words(
    "best first haupt hauptsachlich inicial internacional international main preferido preferred primaria "
    "primario primary primero principal valid final recommended probable related relacionada relacionado zugehoriges "
    "apparentee"
)
"""Words for the best of several like columns."""
NUMBERS: Final = words(
    "anzahl cantidad count level n no nombrede nr nro num number numbers numero numeros nummer range "
    "rango total tramo"
)
"""Words that name a number: harmless beside a phone or employees, else nothing that is brought."""

ASIDE_GROUPS: Final = {
    "keys and codes": "id ids uid uuid guid key clave code codes codigo cod kode ref reference "
    "referencia external slug hash token cid fid placeid googleid ein vat nif cif dni "
    "rut ruc rfc cuit cuil nit cnpj cpf siret siren tva ustid taxid cedula pasaporte "
    "kdnr kundennummer lfdnr identificacion identifier clee nace naics sic cnae ape "
    "vmid piva partitaiva codicefiscale codice ateco masterrecord jigsaw iae idnr ustidnr "
    "ssn nss naf euid leid "
    "abn rcs nip documento iban swift iso csv index indice matricula expediente folio cups crn kvk",
    "times": "date fecha fechas datum time timestamp hora created creation creado creacion erstellt "
    "modified modificado updated update actualizado actualizacion last ultimo ultima dernier "
    "letzte since desde at year ano annee jahr month mes day dia birth birthday birthdate "
    "nacimiento naissance geburtstag cumpleanos age edad alter duration duracion expiry expires "
    "vencimiento founded fundacion anofundacion start end inicio fin joined signup registered "
    "registro inscripcion connected connection connections degree mutual shared premium seen marcatemporal "
    "zeitstempel horodateur submitted "
    "timezone tz alta baja serment next anniversary aniversario anniversaire geburtsdatum conectado "
    "verbunden verbonden "
    "seit sinds letzter grundungsjahr relance tenure experiences dataiscrizione connecte collegato "
    "connectedat added cadastro years months experience experiencia gmtoff dstoff",
    "figures, ratings and money": "rating ratings score scores puntuacion valoracion review reviews "
    "resena resenas avis bewertung stars estrellas rank ranking confidence "
    "confianza probability amount importe price precio prix preis cost "
    "coste revenue ingresos umsatz facturacionanual ventas sales annual "
    "arr mrr funding raised investors currency moneda spent balance "
    "credito limite pago payment payments paymentterms terms discount "
    "descuento followers follower following likes posts aantal totaal "
    "visits traffic coverage percent quantity stock growth capital budget "
    "faturamento fatturato turnover ebitda profit ticker tickersymbol opiniones refunded delinquent "
    "dispute volume aov sensitivity accuracy grade mileage kilometraje tarifa tarifas pricelist "
    "calificacion classificacao presupuesto presupuestoanual "
    "valor calidad quality qualificacao qualificacion qualificazione",
    "consents, mailings and what came of them": "consent consentimiento consentement optin optout "
    "unsubscribed unsubscribe subscribed suscrito "
    "subscription subscriptions accepts acepta newsletter "
    "boletin marketing gdpr rgpd lopd privacy dsgvo "
    "legalbasis donotcall donotemail dnc bounced bounce sent "
    "enviado open opens opened click clicks clicked replied "
    "reply replies contacted meeting called call calls "
    "demoed interaction interactions activity activities "
    "actividades disabled enabled active activo verified "
    "verificado valida valido catchall confirmed engagement "
    "engaged interest interested respondido visitado "
    "response checkin attended attendance opt optedout hasoptedoutofemail unread converted confirm acceptall likely "
    "gateway buying qualify starred aktivitaten negociosabiertos negocioscerrados",
    "how a row came and where it stands": "source sources fuente origen origin quelle medium utm channel "
    "canal query search busqueda keyword keywords palabrasclave "
    "segment segments segmento segmentos stage etapa etape fase "
    "lifecycle priority prioridad group groups labels label "
    "etiqueta etiquette membership kind batch import file archivo fichero "
    "sheet row fila featured createdat popular located intent managed copyright periodo pattern reason "
    "provider toxic free disposable smtp mx zb talk interes intereses "
    "account requested access permission system "
    "origem question ficha kundengruppe canceled searchstring etiquettes stichworter upload payload "
    "finder layout error reports reportsto "
    "relation matches filter filters systemmodstamp "
    "isdeleted baseurl searchaccount directoryserver server ip "
    "custom campolibre campo field merge flag attribute",
    "places that are no town": "state states provincia province provinz region regiao estadoprovincia "
    "departamento departement dept depto county district distrito bairro "
    "barrio colonia borough quartier neighborhood neighbourhood "
    "entidadfederativa estadoregion cantonal canton zip zipcode postal "
    "postalcode codigopostal codepostal plz postleitzahl cap cep postcode "
    "postnummer lat lng lon latitude longitude latitud longitud coordinates "
    "coordenadas coords gps maps googlemaps letra exterior interior entre "
    "corredor edificiopiso numlocal geoestadistica centrocomercial type tipo "
    "typ pluscode complemento piso puerta floor room apartment unit suite "
    "zona zone continent continente area bundesland vialidad manzana "
    "prov comunidad regione regions asentamiento numerocalle hausnummer housenumber postfach pobox "
    "adresszusatz ccaa comunidadautonoma "
    "mailingpostalcode mailingstate",
    "traits of people": "salutation anrede prefix suffix prefijo sufijo honorific tratamiento trato "
    "titel titelprefix civilite genre gender sexo sex geschlecht language idioma "
    "langue sprache lingua marital hobby initials pronoun pronouns seniority "
    "antiguedad department departments departamentoarea abteilung service servicio "
    "aanspreking geslacht taal civility allskills skill schools alimentarias dietary restricciones "
    "hijos children iniciales confidencialidad "
    "servicios services team equipo education school skills interests",
    "networks other than LinkedIn, pictures": "facebook instagram twitter x tiktok youtube pinterest "
    "github crunchbase angellist xing telegram wechat yelp "
    "tripadvisor social socialmedia redessociales imgurl pic generator unformatted imaddress messenger "
    "reseauxsociaux socials avatar picture thumbnail icon",
    "traits of firms and shops": "technologies technology tech tecnologias cms crm seo hours horario "
    "horarios openinghours workinghours features attributes claimed "
    "permanentlyclosed nivel specialties products productos productservice "
    "subindustry subindustries hierarchical allindustries division businessmodel acquired "
    "temporarilyclosed claimthisbusiness specialities especialidades formajuridica "
    "formagiuridica naturagiuridica rechtsvorm founders subcategoria naturezajuridica "
    "naturalezajuridica rechtsform legalform exporta importa exportador importador symbol "
    "stand ownership parking idiomas coletado gerado",
    "mails to be written": "platform platforms plataforma plataformas plateformes organic uf acepto "
    "politica privacidad condiciones terminos subject asunto betreff oggetto "
    "objet cc bcc body cuerpo attachment adjunto anhang anhangpfad signature "
    "firmacorreo template snippet opportunite",
    "contracts and orders, which look like other words": "contract contrato contrat vertrag factura "
    "invoices discounted zahlungsziel action accion "
    "check checked sn comida alergias",
}
ASIDE: Final = words(" ".join(ASIDE_GROUPS.values()))
"""Words of columns that are understood and brought nowhere, whatever stands beside them."""

WHOLE: Final = {
    "first": "first",
    "last": "last",
    "n": "aside",
    "ca": "aside",
    "esp": "aside",
    "tag": "aside",
    "user": "aside",
    "private": "aside",
    "privado": "aside",
    "particular": "aside",
    "ispremium": "aside",
    "isopenlink": "aside",
    "isopenprofile": "aside",
    "ishiring": "aside",
    "isopentowork": "aside",
    "isacompany": "aside",
    "esunaempresa": "aside",
    "esunacompania": "aside",
    "estunesociete": "aside",
    "comercial": "other",
    "commercial": "other",
    "managersname": "other",
    "shortname": "other",
    "sms": "mobile",
    "smsphonenumber": "mobile",
    "paisid": "country_id",
    "paysid": "country_id",
    "countryid": "country_id",
    "cp": "aside",
    "sn": "aside",
    "type": "type",
    "tipo": "aside",
    "typ": "aside",
    "cia": "company",
    "business": "company",
    "office": "company",
    "university": "company",
    "universidad": "company",
    "school": "company",
    "agency": "company",
    "brand": "company",
    "marca": "company",
    "restaurant": "company",
    "negocio": "company",
    "owner": "other",
    "companynameforemails": "aside",
    "propietario": "other",
    "usuario": "other",
    "subtypes": "subtypes",
    "personal": "aside",
    "manager": "contact_person",
    "gerente": "contact_person",
    "dueno": "contact_person",
    "ownername": "contact_person",
    "businessowner": "contact_person",
    "nombrepropietario": "contact_person",
    "ceo": "contact_person",
}
"""Headers that mean this only when they stand alone."""

COMPANY_SIGNS: Final = words(
    "annualrevenue ape avis cif claimed cnae cnpj coordenadas coordinates credito cuit ein estrellas founded "
    "googleid googlemaps horario horarios hours ingresos lat latitud latitude lng longitud longitude naics nit "
    "openinghours paymentterms placeid rating ratings razonsocial resenas revenue review reviews reviewscount "
    "ruc rut sic siren siret stars technologies totalscore tva umsatz valoracion vat vialidad workinghours"
)
"""Words that stand in lists of companies."""
PERSON_SIGNS: Final = words(
    "age alergias anrede birth birthdate birthday cedula civilite degree dni edad geburtstag gender genero "
    "nacimiento nacionalidad naissance nationality salutation seniority serment sexo"
)
"""Words that stand in lists of people."""
