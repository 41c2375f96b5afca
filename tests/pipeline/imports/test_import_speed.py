"""An import of ten thousand rows merges into 75,000 leads in seconds (of CPU time, as machines are shared)."""

import time

import pytest
from import_samples import COMPANY_SN, EXPORT, SCHEMA, VERIFICATION, imported, person, sent, table

from sheets_crm.pipeline.leads import no_leads, put

LEADS = 75_000
SECONDS = 10

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def many():
    grid = table(EXPORT, *(person(n) for n in range(1, LEADS + 1)))
    leads = imported(no_leads(SCHEMA), grid, target_id="T1").leads
    leads = put(leads, leads.index, {"validation_success": True})
    return sent(leads, "company_scrap", *range(1, 40_001))


@pytest.mark.parametrize("kind", ["export", "verification", "verification by URL", "company_scrap"])
def test_a_big_drop_takes_seconds(many, kind):
    grids = {
        "export": lambda: table(EXPORT, *(person(n) for n in range(LEADS - 4_999, LEADS + 5_001))),
        "verification": lambda: [VERIFICATION, *([str(n), f"l{n}@e.es", "valid", ""] for n in range(1, 10_001))],
        "verification by URL": lambda: [
            ["personSalesUrl", *VERIFICATION[1:]],
            *([person(n)["profileUrl"], f"l{n}@e.es", "risky", ""] for n in range(1, 10_001)),
        ],
        "company_scrap": lambda: [
            COMPANY_SN,
            *(
                [
                    f"https://www.linkedin.com/company/{firm}" if name == "query" else "value"
                    for name in COMPANY_SN[:-1]
                ]
                for firm in range(1_000, 6_000)
            ),
        ],
    }
    grid = grids[kind]()
    start = time.process_time()
    outcome = imported(many, grid)
    assert time.process_time() - start < SECONDS
    assert outcome.rejected == 0
    assert len(outcome.touched) == {"export": 5_000, "company_scrap": 19_999}.get(kind, 10_000)
