"""What was made is not made again; what was half-made is; what fails says why in one line."""

import os
import sys

import pytest

from running import browser, node, pango, steps
from running.places import PYTHON, REQUIREMENTS_DEV, ROOT, VENV
from running.problems import Problem

pytestmark = pytest.mark.once


def test_a_folder_is_made_once_it_is_marked_for_just_that(tmp_path):
    assert not steps.is_made(tmp_path, "a")
    steps.mark_made(tmp_path, "a")
    assert steps.is_made(tmp_path, "a")
    assert not steps.is_made(tmp_path, "b")
    steps.unmake(tmp_path)
    assert not steps.is_made(tmp_path, "a")
    assert not steps.is_made(tmp_path / "missing", "a")


def test_a_digest_changes_with_what_a_file_says_and_is_called(tmp_path):
    one = tmp_path / "one"
    one.write_text("a")
    first = steps.digest([one])
    one.write_text("b")
    second = steps.digest([one])
    other = one.rename(tmp_path / "other")

    assert len({first, second, steps.digest([other])}) == 3


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ([sys.executable, "-c", "print('ERROR: no room left'); print('bye'); exit(3)"], "ERROR: no room left"),
        ([sys.executable, "-c", "exit(3)"], "status 3"),
        (["no-such-program"], "No such file"),
    ],
)
def test_what_fails_says_why_in_one_line(command, why):
    with pytest.raises(Problem) as problem:
        steps.run(command, doing="Making something")

    assert str(problem.value).startswith("Making something failed: ")
    assert why in str(problem.value) and "\n" not in str(problem.value)


def test_node_comes_from_the_wheel_where_the_machine_has_none(tmp_path, monkeypatch):
    if VENV.joinpath("bin/python").resolve() != PYTHON.resolve() or node._wheel() is None:
        pytest.fail("The wheel with Node is in requirements-dev.txt, so `make test` has installed it")
    monkeypatch.setenv("PATH", str(tmp_path))

    npm, variables = node.npm()

    assert npm[0].startswith(str(VENV))
    steps.run([*npm, "--version"], doing="Asking npm", env=variables)


def test_node_that_is_too_old_is_not_used(tmp_path, monkeypatch):
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v12.22.12\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")

    assert node.npm()[0][0].startswith(str(VENV))


def test_the_wheel_with_node_is_installed_by_its_hashes():
    entry = node._locked(node.WHEEL)

    assert entry in REQUIREMENTS_DEV.read_text()
    assert entry.startswith(f"{node.WHEEL}==") and "--hash=sha256:" in entry
    assert entry.count("==") == 1
    with pytest.raises(Problem, match="does not list"):
        node._locked("no-such-package")


def test_without_a_browser_and_a_way_to_install_one_the_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    if browser.find():
        pytest.skip("this machine keeps its browser outside PATH")

    with pytest.raises(Problem, match="install chromium"):
        browser.prepare()


def test_a_browser_is_found_by_any_of_its_names(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in browser.NAMES:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
        assert browser.find() == str(tmp_path / name)
        (tmp_path / name).unlink()


def test_without_pango_the_tests_stop_and_the_demonstration_says_what_will_not_work(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Problem, match="install libpango"):
        pango.prepare(needed=True, found=lambda: False)
    pango.prepare(needed=False, found=lambda: False)

    assert "install libpango" in capsys.readouterr().out


def test_pango_is_found_here_and_the_image_installs_the_same():
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert pango.found()
    assert all(package in dockerfile for package in pango.PACKAGES)
