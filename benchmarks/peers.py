"""The same jobs as people do them today: `python -m benchmarks.peers FOLDER URL WAY ROWS TICKS`.

Ways: dataframe (gspread-dataframe), rows (gspread, row by row), pygsheets. Each works on a tab of ROWS leads and 86
columns in a workbook of its own: it reads the tab, marks TICKS leads as sent (five cells each) and writes back, as its
documentation shows. The process says `ready` when the tab is there, waits for a line, does the job, and gives its
seconds and processor time as JSON. Needs gspread-dataframe and pygsheets.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import pandas as pd

from sheets_crm import sample
from sheets_crm.google.client import connect, default_wire
from sheets_crm.google.credentials import load_service_account

warnings.simplefilter("ignore")
SENT = ["verification_sent", "verification_sent_at", "verification_batch", "verification_status", "updated_at"]
WIDTH = 86


def main():
    folder, url, way, rows, ticks = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    account = folder / "service_account.json"
    job = {"dataframe": DataFrame, "rows": Rows, "pygsheets": Pygsheets}[way](account, url, rows)
    print("ready", flush=True)
    sys.stdin.readline()
    began, used = time.perf_counter(), time.process_time()
    job.work(ticks)
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used}
    print(json.dumps(spent), flush=True)


def master(rows):
    """Return a Master of so many leads: the sample's people, and the columns that later steps fill."""
    header, people = sample.export_rows(rows)
    people = list(people)[:rows]
    number = range(1, len(people) + 1)
    frame = pd.DataFrame(people, columns=header, index=number)
    missing = WIDTH - 1 - len(header) - len(SENT)
    later = pd.DataFrame("", columns=[*SENT, *(f"later{n}" for n in range(missing))], index=number)
    return pd.concat([pd.DataFrame({"LeadNumber": number}, index=number), frame, later], axis=1)


def marked(frame, ticks):
    """Mark the first leads as sent."""
    first = frame.index[:ticks]
    for name, value in zip(SENT, [True, 46000.5, "V-0001", "processing", 46000.5], strict=True):
        column = frame[name].astype(object)
        column.loc[first] = value
        frame[name] = column
    return frame


class Gspread:
    """A workbook of gspread's, with its tab of leads."""

    def __init__(self, account, url, rows):
        wire = default_wire(reads_per_minute=1_000_000, writes_per_minute=1_000_000)
        client = connect(load_service_account(account), endpoint=url, creating=True, wire=wire)
        self.tab = client.create("as people do it today").sheet1
        self.fill(rows)

    def fill(self, rows):
        frame = master(rows)
        self.tab.resize(rows + 1, WIDTH)
        for start in range(0, rows, 5000):
            self.tab.update(frame.iloc[start : start + 5000].to_numpy().tolist(), f"A{start + 2}", raw=True)
        self.tab.update([list(frame.columns)], "A1", raw=True)


class DataFrame(Gspread):
    """gspread-dataframe: the whole tab out, the whole tab in."""

    def work(self, ticks):
        from gspread_dataframe import get_as_dataframe, set_with_dataframe  # noqa: PLC0415

        set_with_dataframe(self.tab, marked(get_as_dataframe(self.tab), ticks))


class Rows(Gspread):
    """gspread, row by row: the whole tab out, one update for each lead."""

    def work(self, ticks):
        header, *rows = self.tab.get_all_values()
        first = header.index(SENT[0])
        for place, _ in enumerate(rows[:ticks], start=2):
            values = [[True, 46000.5, "V-0001", "processing", 46000.5]]
            self.tab.update(values, f"{letters(first)}{place}:{letters(first + len(SENT) - 1)}{place}", raw=False)


class Pygsheets:
    """pygsheets: the whole tab out, the whole tab in."""

    def __init__(self, account, url, rows):
        import httplib2  # noqa: PLC0415 - only this way needs it
        from google.oauth2.service_account import Credentials  # noqa: PLC0415
        from pygsheets.client import Client  # noqa: PLC0415

        class Here(httplib2.Http):
            """Asks the emulator in place of Google."""

            def request(self, uri, *rest, **options):
                for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
                    uri = uri.replace(host, url)
                return super().request(uri, *rest, **options)

        scopes = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
        made = Gspread(account, url, rows).tab  # filled by the quicker hand
        credentials = Credentials.from_service_account_file(str(account), scopes=scopes)
        client = Client(credentials, http=Here(timeout=1800))
        self.tab = client.open_by_key(made.spreadsheet_id).sheet1

    def work(self, ticks):
        self.tab.set_dataframe(marked(self.tab.get_as_df(), ticks), (1, 1))


def letters(column):
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


if __name__ == "__main__":
    main()
