"""The claims in real SQLite files, as the plays of the kernel's passes use them."""

import shutil
import sqlite3
from contextlib import closing

from sqlalchemy import select

from sheets_crm.store import identity, messages
from sheets_crm.store.access import Store
from sheets_crm.store.claims import StoredClaims
from sheets_crm.store.schema import LEASES, MESSAGES

WORKBOOK = "S-1"


class Files:
    """Makes stores, each with a file and a state folder of its own: a copy of one that was made once."""

    def __init__(self, folder):
        self.folder = folder
        self.number = 0
        first = self._store("first")
        first.prepare()
        with closing(sqlite3.connect(first.file)) as file:
            file.execute("PRAGMA journal_mode=DELETE")
        self.first = first.file

    def _store(self, name):
        state_dir = self.folder / name
        state_dir.mkdir()
        return Store(f"sqlite:///{state_dir / 'crm.db'}", state_dir)

    def empty(self):
        self.number += 1
        return self._store(str(self.number))

    def __call__(self, store_id):
        store = self.empty()
        shutil.copy(self.first, store.file)
        store.write(lambda connection: identity.rename(connection, store_id))
        return FileClaims(store, self)


class FileClaims(StoredClaims):
    """The claims of one file, and what the plays look at in it."""

    def __init__(self, store, files):
        super().__init__(store, WORKBOOK)
        self.store, self.files = store, files

    def __deepcopy__(self, memo):
        """An image of the disk: the same id, a file of its own."""
        image = self.files.empty()
        with closing(sqlite3.connect(self.store.file)) as read, closing(sqlite3.connect(image.file)) as written:
            read.backup(written)
        return FileClaims(image, self.files)

    @property
    def store_id(self):
        return self.store.read(identity.store_id)

    @property
    def highest(self):
        return self.facts().raised

    @property
    def sequence(self):
        return self.facts().sequence

    @property
    def claims(self):
        return self.store.read(lambda c: messages._claims(c, MESSAGES.c.workbook == WORKBOOK))

    @property
    def leases(self):
        return self.store.read(lambda c: c.execute(select(LEASES.c.owner)).scalars().all())
