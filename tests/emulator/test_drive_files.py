"""Drive's files: what is listed, the trash, and what is not kept."""

import pytest
from emulator_client import session

FILES = "/drive/v3/files"


@pytest.fixture
def drive(server):
    """Three files, and a function that lists the names that a query finds."""
    http, url = session(server), server.url + FILES
    for file in http.get(url).json()["files"]:
        http.delete(f"{url}/{file['id']}")
    for name in ("Leads 2026", "leads old", "Orders"):
        http.post(url, json={"name": name})

    def names(**query):
        answer = http.get(url, params=query)
        assert answer.status_code == 200, answer.text
        return [file["name"] for file in answer.json()["files"]]

    names.http, names.url = http, url
    return names


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Leads 2026", "Orders", "leads old"]),
        ("name = 'Orders'", ["Orders"]),
        ("name != 'Orders'", ["Leads 2026", "leads old"]),
        ("name contains 'leads'", ["Leads 2026", "leads old"]),
        ("not name contains 'leads'", ["Orders"]),
        ("(name = 'Orders' or name contains 'old') and trashed = false", ["Orders", "leads old"]),
        ("name = 'Orders' or name = 'leads old' and trashed = true", ["Orders"]),
        ('mimeType="application/vnd.google-apps.spreadsheet" and name = "Orders"', ["Orders"]),
        ("mimeType = 'text/csv'", []),
        ("trashed=true", []),
        ("'root' in parents", ["Leads 2026", "Orders", "leads old"]),
        ('parents in "a-folder"', []),
        ("modifiedTime > '2012-06-04T12:00:00'", ["Leads 2026", "Orders", "leads old"]),
        ("createdTime < '2012-06-04T12:00:00Z'", []),
        ("'nobody@example.com' in owners", []),
    ],
)
def test_a_query_finds_what_it_asks_for(drive, query, found):
    assert sorted(drive(q=query)) == found


@pytest.mark.parametrize(
    "query", ["name", "name = ", "name ~ 'x'", "(name = 'x'", "name = 'x' name = 'y'", "trashed = 'x'", "'x' in name",
              "modifiedTime > 'soon'", "colour = 'x'", "'", "name = 5"]
)  # fmt: skip
def test_a_query_that_cannot_be_read_is_refused(drive, query):
    answer = drive.http.get(drive.url, params={"q": query})
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "Invalid Value")


def test_what_is_not_kept_is_refused_and_not_ignored(drive):
    """A query or a field that were ignored would let a client's test pass that fails at Google."""
    for query in ("fullText contains 'x'", "starred = true", "'me' in writers"):
        answer = drive.http.get(drive.url, params={"q": query})
        assert (answer.status_code, "not implemented" in answer.text) == (400, True)
    file_id = drive.http.get(drive.url).json()["files"][0]["id"]
    for body in ({"starred": True}, {"description": "x"}):
        assert drive.http.patch(f"{drive.url}/{file_id}", json=body).status_code == 400
    for options in ({"json": {"parents": ["a-folder"]}}, {"json": {"parents": 5}}):
        assert drive.http.post(drive.url, **options).status_code == 404
    answer = drive.http.patch(f"{drive.url}/{file_id}", params={"addParents": "x"}, json={})
    assert answer.status_code == 400
    assert drive.http.get(drive.url, params={"orderBy": "colour"}).status_code == 400


def test_a_file_in_the_trash_is_listed_as_such_and_comes_back(drive):
    file_id = drive.http.get(drive.url, params={"q": "name = 'Orders'"}).json()["files"][0]["id"]
    answer = drive.http.patch(f"{drive.url}/{file_id}", json={"trashed": True}, params={"fields": "trashed"})
    assert answer.json() == {"trashed": True}
    assert drive(q="trashed = true") == ["Orders"]
    assert sorted(drive(q="trashed = false")) == ["Leads 2026", "leads old"]
    drive.http.patch(f"{drive.url}/{file_id}", json={"trashed": False})
    assert drive(q="trashed = true") == []


def test_files_come_in_pages_and_in_order(drive):
    assert drive(orderBy="name desc") == ["Orders", "leads old", "Leads 2026"]
    assert drive(orderBy="folder,recency desc,name") == drive()
    found, token = [], ""
    for _ in range(2):
        answer = drive.http.get(
            drive.url,
            params={"pageSize": 2, "orderBy": "name", "fields": "files(name),nextPageToken", "pageToken": token},
        ).json()
        found.append([file["name"] for file in answer["files"]])
        token = answer.get("nextPageToken")
    assert (found, token) == ([["Leads 2026", "leads old"], ["Orders"]], None)
    for wrong in ({"pageSize": 0}, {"pageSize": "x"}, {"pageToken": "99"}):
        assert drive.http.get(drive.url, params=wrong).status_code == 400
