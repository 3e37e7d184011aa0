"""Compare doorstroom with simulators written by others.

Makes a virtual environment in `target/`, installs `requirements.txt` there, builds doorstroom and runs the tests of
this folder with it. Needs Python 3.11 and its package index. Exits 0 if all tests pass.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
ENVIRONMENT = REPOSITORY / "target" / "outside-venv"


def main() -> int:
    """Install, build, test; a step that fails ends the run with its exit code."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
    # without a package: another choice of packages would build all of them once more
    subprocess.run(["cargo", "build", "--release", "--bin", "doorstroom"], cwd=REPOSITORY, check=True)
    binary = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release" / "doorstroom"
    tests = [python, "-m", "unittest", "discover", "--start-directory", HERE, "--verbose"]
    return subprocess.run(tests, env={**os.environ, "DOORSTROOM": str(binary)}).returncode


if __name__ == "__main__":
    sys.exit(main())
