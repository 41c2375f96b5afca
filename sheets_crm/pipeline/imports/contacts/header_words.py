"""The words of which people make the headers of their lists, by what they stand for.

A header is taken apart into these words, so that "Teléfono de la empresa", ``company_phone`` and ``companyPhone`` need
no entry each. Words are written as :func:`header_key` leaves them, several words of a header as one, little words
(`FILLERS`) left out. The languages are Spanish and English, and what lists in French, German, Portuguese, Italian,
Dutch and Swedish have most often.
"""

from __future__ import annotations

from typing import Final

THINGS: Final = {
    "first": "firstname givenname forename vorname prenom prenoms nombrepila nombredepila primernombre "
    "primeronombre nombres primeironome nomeproprio voornaam fornamn fname prenombre rufname",
    "last": "lastname surname surnames familyname nachname familienname apellido apellidos "
    "primerapellido nomfamille nomdefamille sobrenome ultimonome cognome achternaam efternamn "
    "lname",
    "full": "fullname nombrecompleto nombresapellidos nombreapellidos nombreyapellidos nombreapellido "
    "apellidonombre apellidoynombre apellidosynombres apellidosnombres "
    "nombresyapellidos apellidosnombre apellidosynombre apellidosnombres nomprenom nometprenom "
    "prenomnom prenometnom nomcomplet nomecompleto nomecognome nomeecognome nomesobrenome "
    "vornachname vornamenachname namevorname vollername vollstandigername volledigenaam "
    "displayname comollamas nombremostrado nombremostrar nomaffiche completename firstlastname firstandlastname "
    "firstnamelastname namesurname "
    "personname anzeigename",
    "contact_person": "ansprechpartner ansprechpartnerin ansprechperson personacontacto "
    "personadecontacto contactperson contactpersoon kontaktperson personnecontact "
    "personnedecontact pessoacontato personacontatto interlocuteur interlocutor "
    "dirigeant dirigeante gerant gerante geschaftsfuhrer responsable responsabile "
    "responsavel representante representantelegal administrador encargado referente "
    "titular inhaber geschaftsfuhrung decisionmaker decideur decisor keycontact pointofcontact poc "
    "director directora "
    "directivo directiva founder cofounder "
    "fundador fondateur",
    "name": "name names nombre nom nome naam namn denominazione",
    "trading": "enseigne nombrecomercial nomcommercial nomecommerciale nomefantasia nombrefantasia "
    "fantasia tradename tradestyle tradingname handelsnaam unidadeconomica dba doingbusinessas "
    "denominacioncomercial establecimiento etablissement",
    "legal": "razonsocial razonsoc rsocial raisonsociale razaosocial ragionesociale legalname "
    "registeredname denominacionsocial denomination denominacion denominationsociale nombrelegal "
    "nombrefiscal legalentity",
    "job": "jobtitle jobposition jobrole job cargo cargos puesto puestotrabajo posicion position "
    "positiontitle function funcion funcao fonction funzione funktion functie functietitel "
    "designation role rol ruolo rolle occupation ocupacion profession profesion profissao beruf "
    "poste intitule intituleposte stellung stelle mansione qualifica headline roletitle "
    "persontitle contacttitle currenttitle currentposition cargoactual puestoactual befattning "
    "worktitle posizione beroep berufsbezeichnung jobbezeichnung stellenbezeichnung arbeitsposition posteoccupe "
    "linkedinheadline linkedinjobtitle",
    "title": "title titre titulo titolo",
    "email": "email emails mail mails emailaddress emailaddresses emailadresse emailadres mailaddress "
    "mailadresse mailadres adresseemail adressemail adresseelectronique adresseelectronic "
    "correo correos correoelectronico correoselectronicos correoe correoelec direccioncorreo "
    "direccioncorreoelectronico direccionemail direccionelectronica courriel courrielle epost "
    "epostadress posta postaelettronica indirizzoemail indirizzomail enderecoemail "
    "correioeletronico emailid courrielelectronique",
    "phone": "phone phones telephone telephones telefono telefonos telefon telefone telefones tel tels "
    "tele tlf tlfn tlfno tfno tfn telf teleph fono fonos fon telnr telefonnummer telefoonnummer "
    "telefoon phoneno phonenumber phonenumbers rufnummer contactnumber numerocontacto contactno "
    "numerotelefonico telefonico ph",
    "mobile": "mobile mobil movil moviles mobiel mobiele mobiltelefon mobilnummer mobilnr mobilephone "
    "mobilenumber telefonomovil celular celulares cell cellphone cellulare cellular cel handy "
    "handynummer portable gsm whatsapp wasap telemovel telephoneportable natel wa",
    "direct": "direct directdial directphone directline directnumber lineadirecta lignedirecte ddi directo direkt",
    "landline": "landline fijo telefonofijo fixe telephonefixe festnetz festnetznummer fisso fixo "
    "telefonefixo switchboard zentrale centralita standard conmutador vast",
    "sales_nav": "salesnavigator salesnav salesurl salesnavigatorurl salesnavigatorlink salesprofile "
    "personsalesurl salesnavurl",
    "linkedin": "linkedin linkedinurl linkedinlink linkedinprofile linkedinprofil linkedinperfil "
    "perfillinkedin profillinkedin",
    "url": "url urls link links enlace enlaces lien liens liga href uri",
    "profile": "profile perfil profil profiel profilo profileurl profilelink defaultprofileurl publicprofile",
    "website": "website websites websiteurl weburl web www sitioweb sitiosweb siteweb site sites sitio "
    "paginaweb pagina webpage webpages homepage webseite webseiten internet internetseite "
    "siteinternet sitiointernet sitoweb sito webadresse direccionweb adresseweb webbplats "
    "hemsida internetadresse",
    "domain": "domain domains domainname dominio domaine domeinnaam domein",
    "industry": "industry industries industria sector sectores sectoractividad secteur secteuractivite "
    "branche branchen branchename settore setor actividad actividadeconomica "
    "actividadprincipal activite activiteprincipale atividade attivita rubro ramo "
    "ramoactividad giro girocomercial claseactividad lineofbusiness bransch trade oficio "
    "gremio metier gewerk dedicaempresa branchenbezeichnung descrizioneateco libellenaf libelleape "
    "libelleactivite descripcioncnae actividadcnae",
    "category": "category categories categoria categorias categorie kategorie kategorien tags etiquetas "
    "vertical niche nicho specialty especialidad businesstype tiponegocio tipoempresa "
    "companytype typeetablissement primarytype types",
    "employees": "employees employee employeecount employeescount employeesize employeerange "
    "employeenumber noemployees staffcount numemployees headcount companyheadcount "
    "empleados trabajadores plantilla personalocupado estrato estratopersonalocupado "
    "effectif effectifs salaries mitarbeiter mitarbeiterzahl anzahlmitarbeiter funcionarios "
    "colaboradores dipendenti medewerkers aantalmedewerkers companysize tamanoempresa "
    "tailleentreprise unternehmensgrosse totalemployees anstallda "
    "employeesallsites",
    "size": "size tamano taille grosse groesse dimension dimensione",
    "city": "city cities ciudad ciudades cidade ville citta stadt plaats woonplaats ort wohnort town "
    "poblacion municipio municipality municipalite municipalidad comuna commune gemeinde stad postort "
    "concelho comune gemeente",
    "locality": "locality localidad localidade localite",
    "place": "location locations ubicacion ubicaciones localizacion localisation localizacao lugar lieu "
    "standort geography geo place",
    "seat": "headquarters headquarter hq hqlocation sede siege siegesocial sedesocial sedelegale",
    "country": "country countries pais paises pays land lander paese paesi countryname countryregion "
    "paisregion paysregion landregion nazione",
    "nationality": "nationality nacionalidad nationalite nationalitat nazionalita nacionalidade",
    "address": "address addresses addr direccion direcciones dir adresse adresses domicilio indirizzo "
    "endereco adres anschrift street streetaddress streetname calle strasse rue via rua "
    "straat fulladdr fulladdress addressline avenida domicilie gata morada logradouro mailingstreet",
    "status": "status estado statut stato situacion situacao result results resultado resultat verdict",
    "verification": "validation validacion validity verification verificacion deliverability "
    "entregabilidad emailvalidation emailstatus emailverification "
    "emailverificationstatus emailresult emailquality zbstatus neverbounce bouncerstatus "
    "mailstatus emaildeliverability verificationstatus verificationresult "
    "validationstatus emailcheck",
    "notes": "notes note notas nota notiz notizen observaciones observacion observacoes observacao "
    "observations observation obs comentario comentarios comment comments commentaire "
    "commentaires bemerkung bemerkungen anmerkung anmerkungen remarks remark remarques remarque "
    "opmerking opmerkingen memo extra anotaciones osservazioni anteckningar",
    "icebreaker": "icebreaker icebreakers personalization personalizacion personalisierung accroche "
    "accrochecommerciale firstline openingline rompehielos",
    "message": "message mensaje mensagem messaggio nachricht bericht comentariosadicionales",
    "description": "description descripcion descricao beschreibung descrizione beschrijving about bio acercade "
    "summary linkedinsummary linkedindescription linkedinbio",
    "contact": "contact contacto contato contatto kontakt contacts contactos",
}
"""Things that a column may hold."""

SIDES: Final = {
    "person": "person persona personne persoon pessoa people personas lead leads prospect prospecto "
    "prospects attendee invitee asistente participant participante delegate member miembro socio "
    "usuario alumno student estudiante candidate candidato subscriber suscriptor speaker "
    "ponente individual guest invitado",
    "contact": "contact contacto contato contatto kontakt",
    "client": "client clients cliente clientes customer customers kunde kunden klant",
    "company": "company companies empresa empresas compania companias cia organization organizations "
    "organisation organisations organizacion organizacao organizzazione societe societa "
    "sociedad entreprise entreprises firma firmen firm unternehmen azienda bedrijf "
    "bedrijfsnaam unternehmensname firmenname firmaname firmabezeichnung ditta accountname entidad "
    "employer empleador empregador employeur institution institucion institucio comercio "
    "negocio companyname nombreempresa nomentreprise nomsociete nombreorganizacion negocios "
    "businessname nombrenegocio corporation workplace currentcompany companymatch foretag "
    "clinica colegio tienda store shop loja negozio boutique laden inmobiliaria restaurante hotel venue club "
    "agency agencia despacho estudio "
    "medio",
    "work": "work working business trabajo laboral oficina office corporate corporativo corporativa "
    "professional professionale professionnel professionnelle profesional profissional pro "
    "geschaftlich dienstlich beruflich bureau travail zakelijk lavoro empresarial institucional "
    "comercial comerciales commercial",
    "rolebased": "rolebased generic generico generique general info",
    "personal": "personal personnel personnelle pessoal personale perso individuel",
    "home": "home casa privat privado private privada prive particular thuis hem huis",
    "other": "owner propietario proprietaire proprietario eigentumer assistant secretary secretario "
    "spouse conyuge parent parents padre madre tutor billing facturacion facturation invoice "
    "shipping delivery envio other otro otros otra autre autres andere andre sonstige "
    "alternative alternativo alternativa alternate alt secondary secundario secundaria "
    "secondaire tertiary supplemental second segundo segunda additional adicional zweite emergency emergencia "
    "referrer referred referral past previous former anterior ancien supplier proveedor "
    "vendedor vendor vendeur verkaufer seller salesperson salesrep rep agent agente asesor deal "
    "deals negociacion affaire affaires opportunity oportunidad opportunite campaign campana "
    "campagne ticket tickets order orders pedido pedidos booking reservation menu paid pagado "
    "creator author sender remitente evento event eventname formname form formulario adname "
    "adset list lists lista job1 assigned asignado responsablecomercial zoominfo secondname "
    "segundonombre middlename middle nickname nick alias maidenname spitzname phonetic yomi "
    "fileas screenname username pager beeper fax faxes telefax faxnumber numerofax car automovil "
    "callback devolucionllamada "
    "isdn rdsi localizador ayudante pantalla pec useremail employeessinglesite vertreter "
    "vertriebsmitarbeiter telefonotexto asst subsidiary filial telex ttytdd radio "
    "extension ext anexo durchwahl interno skype parentcompany pasado "
    "competidor firstphone building edificio bank banco school1 brand marca product producto "
    "recomendado recomendadopor supervisor gestor jefe boss "
    "project proyecto curso course carrera plan photo photos logo foto image imagen",
}
"""Whose a thing is. ``other``: somebody's or something's whose things are brought nowhere."""
