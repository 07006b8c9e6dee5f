"""Tests a built program end to end, as a new user on a machine with nothing else would use it.

    python packaging/smoke.py FOLDER [--root ROOT --user NAME] [--json FILE]

``FOLDER`` has ``qadesk`` and ``qadesk-window``: a bundle, or where it was installed; with ``--root``, a folder inside
``ROOT``, in which everything then runs by chroot as ``NAME``. The program gets an empty home, an empty PATH and, where
possible, no network. The commands are tested first. Then the window drives itself through asking, labelling,
fine-tuning and the use of the tuned model (``qadesk/ui/shell/self_check.py``). Afterwards nothing may have changed but
the user's own folders. Exit code 0, or 1 with a list of problems. Needs only the standard library.
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

import smoke_documents
import smoke_sandbox
from smoke_documents import ANSWER, QUESTION
from smoke_sandbox import Home, Result, Sandbox

SAMPLE_ANSWER = "12 October 1862"
"""The answer in the sample document to the first question of the self check."""

_MIN_CONFIDENCE = 0.3  # hardly reached by a broken graph; that of the bundled reader is low, too (see its model card)
_TOLERANCE = 1e-4  # between the confidences of the window and of the command line
_INT8_TOLERANCE = 0.1  # between those of int8 and float32
_WINDOW_SECONDS = 1500.0
# Written by Qt for each window on the offscreen platform.
_OFFSCREEN_WARNING = "This plugin does not support propagateSizeHints()"


@dataclass
class Smoke:
    """Tests the program in ``sandbox``. Collects ``problems``, and what was started with times in ``runs``."""

    sandbox: Sandbox
    problems: list[str] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)

    def check(self, condition: object, problem: str) -> bool:
        """Record ``problem`` unless ``condition`` is true. Returns whether it is."""
        if not condition:
            self.problems.append(problem)
            print(f"  ✗ {problem}", flush=True)
        return bool(condition)

    def run(
        self, home: Home, name: str, *arguments: str, code: int = 0, err: str = "", seconds: float = 120.0
    ) -> Result:
        """Run a program. It must exit with ``code``, its standard error must match ``err``, no process may be left."""
        command = " ".join((name, *arguments))
        result = self.sandbox.run(home, name, *arguments, seconds=seconds)
        print(f"  {result.seconds:7.1f} s  {command}", flush=True)
        self.runs.append({"what": command, "seconds": round(result.seconds, 2), "code": result.code})
        stderr = "\n".join(line for line in result.err.splitlines() if line != _OFFSCREEN_WARNING)
        ending = f"ended with {result.code}" if result.code is not None else f"did not end in {seconds:.0f} s"
        self.check(result.code == code, f"'{command}' {ending}, not with {code}: {stderr[-1500:]}")
        self.check(re.fullmatch(err, stderr), f"'{command}' wrote to standard error: {stderr[-1500:]}")
        self.check(
            not result.remaining_processes, f"'{command}' left processes: {'; '.join(result.remaining_processes)}"
        )
        return result

    def ask(self, home: Home, *arguments: str) -> tuple[str, float]:
        """The first answer of ``qadesk ask --json``, and its confidence."""
        result = self.run(home, "qadesk", "ask", "--json", *arguments)
        answers = _json(result.out).get("questions", [{}])[0].get("answers") or [{"text": "", "confidence": 0.0}]
        return str(answers[0]["text"]), float(answers[0]["confidence"])

    # The command line

    def try_commands(self) -> str:
        """Test the command line. Returns the version that the program prints."""
        home = self.sandbox.make_home("commands")
        paths = smoke_documents.write(home.cwd)
        before = smoke_sandbox.snapshot(home.cwd)
        version = self.run(home, "qadesk", "--version").out.strip()
        self.check(re.fullmatch(r"qadesk \d+(\.\d+)+\S*", version), f"'qadesk --version' says '{version}'")
        self._try_info(home)
        if not self._try_recognition(home):
            paths = [path for path in paths if path.name not in smoke_documents.PICTURES]
        for path in paths:
            text, confidence = self.ask(home, path.name, QUESTION)
            self.check(ANSWER in text, f"{path.name}: the answer is '{text}', not '{ANSWER}'")
            self.check(confidence >= _MIN_CONFIDENCE, f"{path.name}: the confidence is {confidence:.2f}")
        self.run(home, "qadesk", "ask", paths[0].name, smoke_documents.UNANSWERED, code=1)
        self.run(home, "qadesk", "ask", "nowhere.txt", QUESTION, code=2, err=r"qadesk: [^\n]+")
        self._try_labels(home)
        self._check_traces(home, before)
        return version.removeprefix("qadesk ")

    def _try_info(self, home: Home) -> None:
        info = _json(self.run(home, "qadesk", "info", "--json").out)
        versions = info.get("versions", {"everything": "not installed"})
        missing = [name for name, version in versions.items() if version == "not installed"]
        self.check(not missing, f"'qadesk info' does not know the versions of {', '.join(missing)}")
        devices = _json(self.run(home, "qadesk", "devices", "--json").out).get("devices", [])
        self.check(
            any(device["name"] == "cpu" and not device["problem"] for device in devices), "there is no processor"
        )
        bundled = [model for model in self._models(home) if model.get("bundled")]
        is_usable = any(model["in_use"] and not model["problem"] for model in bundled)
        self.check(is_usable, "the bundled model is not there, or not in use")

    def _models(self, home: Home) -> list[dict[str, Any]]:
        return [_json(line) for line in self.run(home, "qadesk", "models", "list", "--json").out.splitlines()]

    def _try_recognition(self, home: Home) -> bool:
        """Test text recognition, which keeps what it finds. Returns whether there is any on this system."""
        is_there = sys.platform != "darwin"  # pyproject.toml says where
        for name in smoke_documents.PICTURES if is_there else smoke_documents.PICTURES[:1]:
            code, err = (0, "") if is_there else (2, r"(?s)qadesk: Text recognition is not available.*")
            text = self.run(home, "qadesk", "text", "--recognize", name, code=code, err=err).out
            expected = " ".join(smoke_documents.TEXT) if is_there else ""
            self.check(" ".join(text.split()) == expected, f"{name}: the words that were recognised are '{text}'")
        return is_there

    def _try_labels(self, home: Home) -> None:
        """Test the import and the export of labels."""
        row = {"question": QUESTION, "context": smoke_documents.TEXT[0], "answer": ANSWER}
        path = home.reports / "labels.jsonl"
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
        self.run(home, "qadesk", "labels", "import", self.sandbox.inside(path))
        self._export(home, [ANSWER])

    def _export(self, home: Home, expected: list[str]) -> None:
        path = home.reports / "exported.json"
        self.run(home, "qadesk", "labels", "export", self.sandbox.inside(path))
        data = _json(path.read_text(encoding="utf-8") if path.exists() else "").get("data", [])
        rows = [row for article in data for paragraph in article["paragraphs"] for row in paragraph["qas"]]
        answers = [row["answers"][0]["text"] if row["answers"] else "" for row in rows]
        is_right = sorted(answers) == sorted(expected)
        self.check(is_right, f"the labels that were exported are {answers}, not {expected}")

    # The window

    def try_window(self, version: str) -> None:
        """Test the window from the first start to the tuned model; then the command line on what that has saved."""
        home = self.sandbox.make_home("window")
        before = smoke_sandbox.snapshot(home.cwd)
        path = home.reports / "report.json"
        self.run(home, "qadesk-window", "--self-check", self.sandbox.inside(path), seconds=_WINDOW_SECONDS)
        self.report = _json(path.read_text(encoding="utf-8") if path.exists() else "")
        if self.check(self.report, "the window wrote no report") and self._check_report(version):
            self._compare(home)
        self._check_traces(home, before)

    def _check_report(self, version: str) -> bool:
        for step in self.report["steps"]:
            print(f"  {step['seconds']:7.1f} s    {step['what']}")
        if not self.check(not self.report["problem"], f"the window could not go on: {self.report['problem']}"):
            return False
        self.check(self.report["version"] == version, f"the window is of version {self.report['version']}")
        first, tuned = self.report["first"], self.report["tuned"]
        for which, answer in (("bundled", first), ("tuned", tuned)):
            text, confidence = answer["text"], answer["confidence"]
            self.check(text == SAMPLE_ANSWER, f"the {which} model answers '{text}', not '{SAMPLE_ANSWER}'")
            self.check(confidence >= _MIN_CONFIDENCE, f"the confidence of the {which} model is {confidence:.2f}")
            self.check(SAMPLE_ANSWER in answer["card"], f"the answer that is shown is '{answer['card']}'")
            self.check(answer["precision"] == "int8", f"the {which} model reads in {answer['precision']}, not int8")
        if self.report["training"]["has_model"]:
            self.check(tuned["model"] != first["model"], f"'{first['model']}' answers, and not a new model")
            self.check(tuned["confidence"] != first["confidence"], "the tuned model is no other than the one before")
        else:  # three labels may teach nothing
            self.check(tuned["model"] == first["model"], f"'{tuned['model']}' answers, though nothing was learned")
        return True

    def _compare(self, home: Home) -> None:
        """Compare the answers of the window with those of the command line, for this user and a new one."""
        first, tuned = self.report["first"], self.report["tuned"]
        other = self.sandbox.make_home("beside")
        arguments = (first["document"], first["question"])
        for user, answer, options, tolerance in (
            (other, first, (), _TOLERANCE),
            (other, first, ("--precision", "float32"), _INT8_TOLERANCE),  # in torch
            (home, tuned, (), _TOLERANCE),
        ):
            text, confidence = self.ask(user, *arguments, *options)
            is_same = text == answer["text"] and abs(confidence - answer["confidence"]) <= tolerance
            window = f"'{answer['text']}' ({answer['confidence']:.4f}) in the window"
            terminal = f"'{text}' ({confidence:.4f}) in the terminal"
            self.check(is_same, f"{answer['model']} {' '.join(options)}: {window}, {terminal}")
        in_use = [model["name"] for model in self._models(home) if model.get("in_use")]
        self.check(in_use == [tuned["model"]], f"the model in use is {in_use}, not '{tuned['model']}'")
        self._export(home, [SAMPLE_ANSWER, "eleven nights", ""])

    # What is left

    def _check_traces(self, home: Home, cwd: smoke_sandbox.Snapshot) -> None:
        for path in smoke_sandbox.stray_files(home):
            self.check(False, f"a file outside the user folders: {path.relative_to(home.home)}")
        for path in sorted(home.tmp.iterdir()):
            self.check(False, f"a temporary file is left: {path.name}")
        for name in smoke_sandbox.changed_files(cwd, smoke_sandbox.snapshot(home.cwd)):
            self.check(False, f"the folder that it was started in is not as it was: {Path(name).name}")
        for line in smoke_sandbox.log_problems(home):
            self.check(False, f"in the log: {line}")

    def try_all(self) -> None:
        """Run all tests, and check that no file of the installation changes."""
        installed, work = self.sandbox.installed, self.sandbox.work
        before = smoke_sandbox.snapshot(installed, [work])
        self.try_window(self.try_commands())
        for name in smoke_sandbox.changed_files(before, smoke_sandbox.snapshot(installed, [work])):
            self.check(False, f"a file of the installation changed: {name}")


def _json(text: str) -> dict[str, Any]:
    """The JSON object in ``text``; an empty one if there is none, which a check then reports."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


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
    """Test the program in the folder of ``arguments``. Returns the exit code."""
    parsed = _options(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    with smoke_sandbox.sandbox(parsed.folder, parsed.root and parsed.root.resolve(), parsed.user) as sandbox:
        limits = "that is possible on Linux only, as root or with user namespaces"
        network = "cut off" if sandbox.offline_command else f"not cut off: {limits}"
        print(f"The network is {network}.")
        smoke = Smoke(sandbox)
        smoke.try_all()
    if parsed.json:
        report = {"problems": smoke.problems, "network": network, "runs": smoke.runs, "window": smoke.report}
        parsed.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    for problem in smoke.problems:
        print(f"✗ {problem}")
    print(f"{len(smoke.problems)} problems." if smoke.problems else "All is well.")
    return int(bool(smoke.problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
