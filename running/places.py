"""Where things are in a checkout. Needs Python's own library only."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
REQUIREMENTS = ROOT / "requirements.txt"
REQUIREMENTS_DEV = ROOT / "requirements-dev.txt"


def var() -> Path:
    """What a running system keeps: VAR_DIR, as config/settings.py reads it."""
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
