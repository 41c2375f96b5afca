"""An emulator in a process of its own, and programs that a machine may lack, for tests of other people's clients."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest


@contextmanager
def emulator(directory, *options):
    """Start an emulator by its command line and give its address; it ends with the block."""
    command = [sys.executable, "-m", "sheets_crm.emulator", "--dir", str(directory), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def unavailable(why):
    """Skip the test, but fail it where everything must be played."""
    if os.environ.get("CI") == "true":
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def need_node(least=20):
    """Skip, or fail, unless Node and npm are there."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        unavailable(f"Node {least} and npm are not installed")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").partition(".")[0]) < least:
        unavailable(f"Node {least} is needed, {version.strip()} is installed")


def install(*command, directory):
    """Run an installer of packages; without a network it skips, or fails."""
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        unavailable(f"{' '.join(command[:3])} … could not be done:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
