"""Does a built program do what it is for? Starts it as a new user would, on a machine that has nothing else.

    python packaging/smoke.py FOLDER [--root ROOT --user NAME] [--json FILE]

``FOLDER`` holds ``qadesk`` and ``qadesk-window``: a bundle, or where it was installed; with ``--root``, a folder inside
``ROOT``, in which everything then runs by chroot as ``NAME``. The program gets an empty home, an empty PATH and, where
that can be, no network. The command line is tried first, then the window goes by itself through asking, labelling,
fine-tuning and using what came of it (``qadesk/ui/shell/self_check.py``). Afterwards nothing may be left but the user's
own folders. Exit code 0, or 1 and a list of what is wrong. Needs only the standard library.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import smoke_papers as papers
import smoke_place as places
from smoke_place import Ended, Home, Place

WORDS = "12 October 1862"
"""What the sample says to the first question of the self check."""

_LEAST_SURE = 0.3  # what a broken graph would hardly reach; the reader itself is modest (its card)
_SAME = 1e-4  # by how much a confidence of the window may differ from that of the command line
_NEAR = 0.1  # the same for int8 beside float32
_WINDOW_SECONDS = 1500.0
_NO_SCREEN = "This plugin does not support propagateSizeHints()"  # said by Qt for each window on a screen that is none


@dataclass
class Smoke:
    """Tries the program in ``place``; ``problems`` are what was wrong, ``runs`` what was started and took how long."""

    place: Place
    problems: list[str] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)

    def check(self, is_so: object, otherwise: str) -> bool:
        """Note ``otherwise`` as a problem unless ``is_so``."""
        if not is_so:
            self.problems.append(otherwise)
            print(f"  ✗ {otherwise}", flush=True)
        return bool(is_so)

    def run(
        self, home: Home, name: str, *arguments: str, code: int = 0, err: str = "", seconds: float = 120.0
    ) -> Ended:
        """Run a program. It must end with ``code``, complain as the pattern ``err`` says, and leave no process."""
        words = " ".join((name, *arguments))
        ended = self.place.run(home, name, *arguments, seconds=seconds)
        print(f"  {ended.seconds:7.1f} s  {words}", flush=True)
        self.runs.append({"what": words, "seconds": round(ended.seconds, 2), "code": ended.code})
        complained = "\n".join(line for line in ended.err.splitlines() if line != _NO_SCREEN)
        how = f"ended with {ended.code}" if ended.code is not None else f"did not end in {seconds:.0f} s"
        self.check(ended.code == code, f"'{words}' {how}, not with {code}: {complained[-1500:]}")
        self.check(re.fullmatch(err, complained), f"'{words}' wrote to standard error: {complained[-1500:]}")
        self.check(not ended.left, f"'{words}' left processes: {'; '.join(ended.left)}")
        return ended

    def ask(self, home: Home, *arguments: str) -> tuple[str, float]:
        """The first answer of ``qadesk ask --json``, and its confidence."""
        ended = self.run(home, "qadesk", "ask", "--json", *arguments)
        found = _json(ended.out).get("questions", [{}])[0].get("answers") or [{"text": "", "confidence": 0.0}]
        return str(found[0]["text"]), float(found[0]["confidence"])

    # The command line

    def try_commands(self) -> str:
        """Everything but the window. Gives the version that the program says it has."""
        home = self.place.make_home("commands")
        made = papers.write(home.cwd)
        before = places.snapshot(home.cwd)
        said = self.run(home, "qadesk", "--version").out.strip()
        self.check(re.fullmatch(r"qadesk \d+(\.\d+)+\S*", said), f"'qadesk --version' says '{said}'")
        self._try_facts(home)
        for path in made:
            text, sure = self.ask(home, path.name, papers.QUESTION)
            self.check(papers.ANSWER in text, f"{path.name}: the answer is '{text}', not '{papers.ANSWER}'")
            self.check(sure >= _LEAST_SURE, f"{path.name}: the confidence is {sure:.2f}")
        self.run(home, "qadesk", "ask", made[0].name, papers.UNANSWERED, code=1)
        self.run(home, "qadesk", "ask", "nowhere.txt", papers.QUESTION, code=2, err=r"qadesk: [^\n]+")
        self._try_labels(home)
        self._judge_traces(home, before)
        return said.removeprefix("qadesk ")

    def _try_facts(self, home: Home) -> None:
        info = _json(self.run(home, "qadesk", "info", "--json").out)
        versions = info.get("versions", {"everything": "not installed"})
        missing = [name for name, version in versions.items() if version == "not installed"]
        self.check(not missing, f"'qadesk info' does not know the versions of {', '.join(missing)}")
        devices = _json(self.run(home, "qadesk", "devices", "--json").out).get("devices", [])
        self.check(any(each["name"] == "cpu" and not each["problem"] for each in devices), "there is no processor")
        bundled = [each for each in self._models(home) if each.get("bundled")]
        is_there = any(each["in_use"] and not each["problem"] for each in bundled)
        self.check(is_there, "the bundled model is not there, or not in use")

    def _models(self, home: Home) -> list[dict[str, Any]]:
        return [_json(line) for line in self.run(home, "qadesk", "models", "list", "--json").out.splitlines()]

    def _try_labels(self, home: Home) -> None:
        """Labels in and out of files, in a home of their own ones."""
        row = {"question": papers.QUESTION, "context": papers.TEXT[0], "answer": papers.ANSWER}
        place = home.reports / "labels.jsonl"
        place.write_text(json.dumps(row) + "\n", encoding="utf-8")
        self.run(home, "qadesk", "labels", "import", self.place.inside(place))
        self._export(home, [papers.ANSWER])

    def _export(self, home: Home, wanted: list[str]) -> None:
        place = home.reports / "exported.json"
        self.run(home, "qadesk", "labels", "export", self.place.inside(place))
        data = _json(place.read_text(encoding="utf-8") if place.exists() else "").get("data", [])
        rows = [row for each in data for part in each["paragraphs"] for row in part["qas"]]
        found = [row["answers"][0]["text"] if row["answers"] else "" for row in rows]
        self.check(sorted(found) == sorted(wanted), f"the labels that were exported are {found}, not {wanted}")

    # The window

    def try_window(self, version: str) -> None:
        """The first start, to the tuned model; then the command line, to see that it is all on the disk."""
        home = self.place.make_home("window")
        before = places.snapshot(home.cwd)
        place = home.reports / "report.json"
        self.run(home, "qadesk-window", "--self-check", self.place.inside(place), seconds=_WINDOW_SECONDS)
        self.report = _json(place.read_text(encoding="utf-8") if place.exists() else "")
        if self.check(self.report, "the window wrote no report") and self._judge_report(version):
            self._compare(home)
        self._judge_traces(home, before)

    def _judge_report(self, version: str) -> bool:
        for each in self.report["steps"]:
            print(f"  {each['seconds']:7.1f} s    {each['what']}")
        if not self.check(not self.report["problem"], f"the window could not go on: {self.report['problem']}"):
            return False
        self.check(self.report["version"] == version, f"the window is of version {self.report['version']}")
        first, tuned = self.report["first"], self.report["tuned"]
        for which, answer in (("bundled", first), ("tuned", tuned)):
            said, sure = answer["text"], answer["confidence"]
            self.check(said == WORDS, f"the {which} model answers '{said}', not '{WORDS}'")
            self.check(sure >= _LEAST_SURE, f"the confidence of the {which} model is {sure:.2f}")
            self.check(WORDS in answer["card"], f"the answer that is shown is '{answer['card']}'")
            self.check(answer["precision"] == "int8", f"the {which} model reads in {answer['precision']}, not int8")
        self.check(tuned["model"] != first["model"], f"'{first['model']}' answers, and not a new model")
        self.check(tuned["confidence"] != first["confidence"], "the tuned model is no other than the one before")
        return True

    def _compare(self, home: Home) -> None:
        """What the window said beside what the command line says, of a new user and of this one."""
        first, tuned = self.report["first"], self.report["tuned"]
        other = self.place.make_home("beside")
        asked = (first["document"], first["question"])
        for who, seen, more, off in (
            (other, first, (), _SAME),
            (other, first, ("--precision", "float32"), _NEAR),  # in torch
            (home, tuned, (), _SAME),
        ):
            text, sure = self.ask(who, *asked, *more)
            is_same = text == seen["text"] and abs(sure - seen["confidence"]) <= off
            words = f"'{seen['text']}' ({seen['confidence']:.4f}) in the window, '{text}' ({sure:.4f}) in the terminal"
            self.check(is_same, f"{seen['model']} {' '.join(more)}: {words}")
        in_use = [each["name"] for each in self._models(home) if each.get("in_use")]
        self.check(in_use == [tuned["model"]], f"the model in use is {in_use}, not '{tuned['model']}'")
        self._export(home, [WORDS, "eleven nights", ""])

    # What is left

    def _judge_traces(self, home: Home, cwd: places.Snapshot) -> None:
        for path in places.strays(home):
            self.check(False, f"a file outside the user folders: {path.relative_to(home.home)}")
        for path in sorted(home.tmp.iterdir()):
            self.check(False, f"a temporary file is left: {path.name}")
        for name in places.changed(cwd, places.snapshot(home.cwd)):
            self.check(False, f"the folder that it was started in is not as it was: {Path(name).name}")
        for line in places.complaints(home):
            self.check(False, f"in the log: {line}")

    def try_all(self) -> None:
        """Everything, and that the installation is as it was."""
        before = places.snapshot(self.place.installed, [self.place.work])
        self.try_window(self.try_commands())
        for name in places.changed(before, places.snapshot(self.place.installed, [self.place.work])):
            self.check(False, f"a file of the installation changed: {name}")


def _json(text: str) -> dict[str, Any]:
    """The object in ``text``; empty where it is none, which the checks then notice."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Try a built program as a new user would.")
    parser.add_argument("folder", type=Path, help="where qadesk and qadesk-window lie")
    parser.add_argument("--root", type=Path, help="run in this root, by chroot (as root, on Linux)")
    parser.add_argument("--user", default="", help="the user in ROOT to run as")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found, and all times, to FILE")
    parsed = parser.parse_args(arguments)
    if bool(parsed.root) != bool(parsed.user):
        parser.error("--root and --user belong together")
    return parsed


def main(arguments: list[str]) -> int:
    """Try the program in the folder that is named. Returns the exit code."""
    parsed = _options(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    with places.place(parsed.folder, parsed.root and parsed.root.resolve(), parsed.user) as place:
        network = (
            "cut off" if place.cut else "not cut off: that is possible on Linux only, as root or with user namespaces"
        )
        print(f"The network is {network}.")
        smoke = Smoke(place)
        smoke.try_all()
    if parsed.json:
        found = {"problems": smoke.problems, "network": network, "runs": smoke.runs, "window": smoke.report}
        parsed.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    for problem in smoke.problems:
        print(f"✗ {problem}")
    print(f"{len(smoke.problems)} problems." if smoke.problems else "All is well.")
    return int(bool(smoke.problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
