"""The words of cells by which columns are judged, as :func:`header_key` leaves them."""

from __future__ import annotations

from typing import Final

from sheets_crm.pipeline.imports.contacts.passing_words import words

VERIFIER_WORDS: Final = words("extrapolated guessed likely_to_engage unavailable unverified user_managed verified")
"""Apollo's words of verdicts on an e-mail, beside those of the Vocabulary; as :func:`word_key` leaves them."""
LINK_LABELS: Final = words(
    "aqui clickhere enlace here lien link linkedin linkedinprofile perfil profil profile siteweb sitioweb ver "
    "verperfil view viewprofile web website"
)
"""Texts of links whose addresses a copy has lost."""
NOTHING: Final = words(
    "averifier desconocido inconnu na nan nd nil ninguna ninguno no nodata nodisponible noencontrado none "
    "notavailable notfound null pendiente pordefinir sindato sindatos sininformacion sn tbd unbekannt unknown "
    "vacio xxxxxx"
)
"""Cells that stand for a blank; signs alone do too."""
LEGAL_FORMS: Final = words(
    "ab ag aps as asociacion association bv ca cia compania company consulting coop cooperativa corp cv eirl "
    "eurl ev foundation fundacion gbr gmbh group grupo holding inc kg lda limited llc llp ltd ltda nv ohg oy oyj "
    "plc pte pty sa sab sapi sarl sarlu sas sc sccl scp services sl slp slu snc sociedad spa srl ug"
)
"""Last words of companies' names."""
