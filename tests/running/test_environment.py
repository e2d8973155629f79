"""The environment in .venv becomes what the lock file says, whatever state it was in."""

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from running import environment
from running.problems import Problem

pytestmark = pytest.mark.once


def wheel(folder: Path, name: str) -> str:
    """A package of one module, and its line in a lock file."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    meta = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "here = True\n")
        archive.writestr(f"{meta}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{meta}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{meta}/RECORD", f"{name}.py,,\n{meta}/METADATA,,\n{meta}/WHEEL,,\n{meta}/RECORD,,\n")
    return f"{name}==1.0 \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="module")
def lock(tmp_path_factory) -> Path:
    """A lock file with two packages, and where they lie."""
    folder = tmp_path_factory.mktemp("wheels")
    requirements = folder / "requirements.txt"
    requirements.write_text(wheel(folder, "first") + wheel(folder, "second"))
    return requirements


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """An environment, made once; tests break it and have it repaired."""
    return tmp_path_factory.mktemp("checkout") / ".venv"


@pytest.fixture(autouse=True)
def ours(monkeypatch, lock, made):
    monkeypatch.setattr(environment, "VENV", made)
    monkeypatch.setattr(environment, "PYTHON", made / "bin" / "python")
    monkeypatch.setattr(environment, "REQUIREMENTS", lock)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(lock.parent))


def installed(made: Path) -> set[str]:
    return {path.stem for path in made.glob("lib/python*/site-packages/*.py")} & {"first", "second"}


def test_it_is_made_and_then_left_alone(made, capsys):
    environment.prepare(development=False)
    assert installed(made) == {"first", "second"}
    made_at = (made / "pyvenv.cfg").stat().st_mtime_ns
    capsys.readouterr()

    environment.prepare(development=False)

    assert (made / "pyvenv.cfg").stat().st_mtime_ns == made_at
    assert capsys.readouterr().out == ""


def _lose_a_package(made: Path) -> None:
    for path in made.glob("lib/python*/site-packages/second*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _stop_an_install_half_way(made: Path) -> None:
    for path in made.glob("lib/python*/site-packages/second-1.0.dist-info/RECORD"):
        path.unlink()


def _lose_python(made: Path) -> None:
    for path in made.glob("bin/python*"):
        path.unlink()
    (made / "bin" / "python").symlink_to("/nowhere/python3.11")


def _move_here_from_elsewhere(made: Path) -> None:
    pip = made / "bin" / "pip"
    pip.write_text(pip.read_text().replace(str(made), "/elsewhere/.venv"))


def _lose_pip(made: Path) -> None:
    for path in made.glob("lib/python*/site-packages/pip"):
        shutil.rmtree(path)


def _be_a_file(made: Path) -> None:
    shutil.rmtree(made)
    made.write_text("not a folder")


@pytest.mark.parametrize(
    "damage",
    [_lose_a_package, _stop_an_install_half_way, _lose_python, _move_here_from_elsewhere, _lose_pip, _be_a_file],
    ids=lambda damage: damage.__name__.strip("_"),
)
def test_what_is_broken_is_repaired(made, damage):
    environment.prepare(development=False)
    damage(made)

    environment.prepare(development=False)

    assert installed(made) == {"first", "second"}
    assert environment._lacking(environment.REQUIREMENTS) == []


def test_a_package_that_is_not_the_locked_one_is_refused_in_one_line(made, lock, monkeypatch, tmp_path):
    environment.prepare(development=False)
    other = tmp_path / "requirements.txt"
    wheel(lock.parent, "third")
    other.write_text(lock.read_text() + f"third==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(environment, "REQUIREMENTS", other)

    with pytest.raises(Problem) as problem:
        environment.prepare(development=False)

    assert "Installing packages failed" in str(problem.value) and "\n" not in str(problem.value)
    assert "third" not in {path.stem for path in made.glob("lib/python*/site-packages/*.py")}
