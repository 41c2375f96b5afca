"""Nothing is collected while the program's modules are imported, and always afterwards."""

import gc
import subprocess
import sys

import pytest

from sheets_crm.starting import uncollected


def test_garbage_is_collected_again_after_the_imports():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_import_that_fails_leaves_the_collector_as_it_was():
    with pytest.raises(ImportError), uncollected():
        import nothing_is_called_so  # noqa: F401, PLC0415
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.long
@pytest.mark.parametrize("broken", ["None", pytest.param("sys.modules[__name__]", marks=pytest.mark.long)])
def test_an_application_that_cannot_be_imported_collects_garbage(broken):
    script = (
        f"import gc, sys\nsys.modules['sheets_crm.operations.forget'] = {broken}\n"
        "import sheets_crm.operations\n"
        "try:\n    import sheets_crm.bootstrap\nexcept ImportError:\n    pass\n"
        "print(gc.isenabled())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
