"""The Flatpak manifest: flatpak-builder understands it, and its commands lay out what its entry starts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import debian
import desktop
import facts
import pytest

MANIFEST = facts.ROOT / "packaging" / "flatpak" / f"{facts.APP_ID}.yml"
pytestmark = pytest.mark.skipif(not shutil.which("flatpak-builder"), reason="flatpak-builder is not installed")


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    command = ["flatpak-builder", "--show-manifest", str(MANIFEST)]
    state = tmp_path_factory.mktemp("state")  # flatpak-builder leaves a folder where it stands
    output = subprocess.run(command, cwd=state, capture_output=True, text=True, check=True)
    return json.loads(output.stdout)


def test_it_is_named_as_everywhere(manifest: dict[str, Any]) -> None:
    assert manifest["id"] == facts.APP_ID
    assert manifest["command"] in debian.PROGRAMS


def test_it_cannot_reach_the_network(manifest: dict[str, Any]) -> None:
    assert "--share=network" not in manifest["finish-args"]


def test_it_takes_what_the_build_makes(manifest: dict[str, Any]) -> None:
    sources = manifest["modules"][0]["sources"]
    places = {(MANIFEST.parent / source["path"]).resolve() for source in sources}
    assert places == {facts.ROOT / "dist" / facts.COMMAND, facts.ROOT / "build" / "share"}


def test_its_commands_lay_out_a_program(manifest: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    for program in debian.PROGRAMS:
        shutil.copy("/bin/true", tmp_path / "bundle" / program)
    desktop.write(tmp_path / "share")
    environment = {**os.environ, "FLATPAK_DEST": str(tmp_path / "app")}
    for command in manifest["modules"][0]["build-commands"]:
        subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment, check=True)
    subprocess.run([tmp_path / "app" / "bin" / manifest["command"]], check=True)
    assert (tmp_path / "app" / "share" / "applications" / f"{facts.APP_ID}.desktop").is_file()
