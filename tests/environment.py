"""The environment of every test run, set before Django reads its settings.

Loaded by `-p tests.environment` (pyproject.toml). Nothing of the machine's own installation is
touched: the home folder, the secret and the database belong to this run alone.
"""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="concordat tests "))  # a space, on purpose
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Begun in the background of a shell; commands under test would inherit deaf ears for Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)

for name in [name for name in os.environ if name.startswith("CONCORDAT_")]:
    if name != "CONCORDAT_POSTGRES_BIN":
        del os.environ[name]
os.environ["CONCORDAT_HOME"] = str(HOME)
os.environ["CONCORDAT_SECRET_KEY"] = "a secret of the tests alone, of no use elsewhere"
