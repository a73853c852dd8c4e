#!/usr/bin/env python3
"""Runs the shell parts of integrations/ with the real program, in a folder that looks like a user's repository.

    python3 tests/integrations/run.py CASE --binary PATH --source DIR
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

POLICY = """format: sovrisk-policy/1
as_of: 2023-12-21
on_unknown: {on_unknown}
pairs:
  - {{offering: azure, workload: emc2.yaml, least_verdict: {least}}}
  - {{offering: scaleway, workload: shop.yaml, least_verdict: conditional}}
"""
# Exit codes that README promises, and the policy that leads to each.
POLICIES = {
    0: {"on_unknown": "warn", "least": "conditional"},
    1: {"on_unknown": "warn", "least": "acceptable"},
    3: {"on_unknown": "fail", "least": "conditional"},
}

failures = []


def expect(what, holds, detail=""):
    if not holds:
        failures.append(f"{what}\n{detail}")


class Repository:
    """A folder with a policy of each outcome."""

    def __init__(self, options, folder):
        self.folder = pathlib.Path(folder)
        self.source = options.source
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "SOVRISK": str(options.binary),
        }
        for name in ("emc2", "shop"):
            shutil.copy(options.source / f"examples/{name}/workload.yaml", self.folder / f"{name}.yaml")
        for code, values in POLICIES.items():
            (self.folder / f"policy{code}.yaml").write_text(POLICY.format(**values))

    def run(self, command, **environment):
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def read(self, name):
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else None


def github(repository):
    script = ["sh", str(repository.source / "integrations/github/gate.sh")]
    outcomes = {0: "passed", 1: "failed", 3: "not-established", 2: "could-not-run"}
    for code, outcome in outcomes.items():
        for name in ("output", "summary"):
            (repository.folder / name).write_text("before\n")
        run = repository.run(
            script, SOVRISK_POLICY=f"policy{code}.yaml", GITHUB_OUTPUT="output", GITHUB_STEP_SUMMARY="summary"
        )
        name = f"github {outcome}"
        expect(f"{name}: exit", run.returncode == code, f"{run.returncode}\n{run.stderr}")
        output = repository.read("output")
        expect(f"{name}: output", output.startswith(f"before\nexit-code={code}\noutcome={outcome}\n"), output)
        # Nothing of the program's own words is read as a command.
        quiet = re.match(r"::stop-commands::([0-9a-f]{32})\n(.*)^::\1::\n(.*)\Z", run.stdout, re.DOTALL | re.MULTILINE)
        expect(f"{name}: commands are stopped and resumed", quiet is not None, run.stdout)
        annotations = quiet.group(3) if quiet else ""
        expect(f"{name}: annotations alone", all(re.match("::(error|warning|notice) ", line) for line in annotations.splitlines()))
        sarif = repository.read("sovrisk-reports/sovrisk.sarif")
        if code == 2:
            expect(f"{name}: nothing of the run before is left", sarif is None and "sarif=" not in output)
            expect(f"{name}: no summary", repository.read("summary") == "before\n")
            continue
        expect(f"{name}: text in the log", quiet is not None and len(quiet.group(2)) > 50)
        expect(f"{name}: errors", ("::error " in annotations) == (code != 0), annotations)
        expect(f"{name}: the file is named", "sarif=sovrisk-reports/sovrisk.sarif\n" in output, output)
        paths = {
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for one in json.loads(sarif)["runs"][0]["results"]
        }
        expect(f"{name}: paths of the repository", paths == {f"policy{code}.yaml"}, str(paths))
        expect(f"{name}: summary", re.match(r"before\n## ", repository.read("summary")) is not None)
        xml.etree.ElementTree.parse(repository.folder / "sovrisk-reports/sovrisk-junit.xml")
        json.loads(repository.read("sovrisk-reports/sovrisk.json"))

    run = repository.run(
        script,
        SOVRISK_POLICY="policy0.yaml",
        SOVRISK_ARGUMENTS="--lang\nfr\n\n--catalogue\n$(touch made) `touch made`; touch made",
    )
    expect("github: arguments are whole and run nothing", run.returncode == 2 and not (repository.folder / "made").exists())
    expect("github: arguments arrive", "$(touch made)" in run.stderr, run.stderr)
    action = (repository.source / "integrations/github/action.yml").read_text()
    scripts = re.findall(r"^ *run: (.*)$", action, re.MULTILINE)
    expect("github: no input inside a script", scripts == ['sh "$GITHUB_ACTION_PATH/gate.sh"'], str(scripts))


def gitlab(repository):
    script = (repository.source / "integrations/gitlab/gate.sh").read_text()
    job = (repository.source / "integrations/gitlab/sovrisk.yml").read_text()
    indented = "".join(f"      {line}\n" if line else "\n" for line in script.splitlines())
    expect("gitlab: the job has the script", f"    - |\n{indented}  # " in job)
    for path in re.findall(r"(?:junit|codequality): (\S+)", job):
        expect(f"gitlab: {path} is written", f"-o {path}" in script)
    for code in (0, 1, 3, 2):
        run = repository.run(["sh", "-c", script], SOVRISK_POLICY=f"policy{code}.yaml", SOVRISK_ARGUMENTS="--lang\nfr")
        expect(f"gitlab {code}: exit", run.returncode == code, f"{run.returncode}\n{run.stderr}")
        quality = repository.read("sovrisk-reports/sovrisk-code-quality.json")
        if code == 2:
            expect("gitlab: nothing of the run before is left", quality is None)
            continue
        expect(f"gitlab {code}: paths", {one["location"]["path"] for one in json.loads(quality)} == {f"policy{code}.yaml"})
        junit = xml.etree.ElementTree.parse(repository.folder / "sovrisk-reports/sovrisk-junit.xml")
        expect(f"gitlab {code}: cases", len(junit.findall(".//testcase")) == 2)
        expect(f"gitlab {code}: files", all(case.get("file") for case in junit.findall(".//testcase")))


def pre_commit(repository):
    hooks = (repository.source / ".pre-commit-hooks.yaml").read_text()
    entries = re.findall(r"^  entry: (\S+)$", hooks, re.MULTILINE)
    expect("pre-commit: hooks", len(entries) == 2, hooks)
    for entry in entries:
        expect(f"pre-commit: {entry} can be run", os.access(repository.source / entry, os.X_OK))
    gate = str(repository.source / "integrations/pre-commit/gate.sh")
    for code in (0, 1, 3, 2):
        run = repository.run([gate, "--policy", f"policy{code}.yaml"])
        expect(f"pre-commit {code}: exit", run.returncode == code, f"{run.returncode}\n{run.stderr}")
    validate = str(repository.source / "integrations/pre-commit/validate.sh")
    run = repository.run([validate, "policy0.yaml", "shop.yaml"])
    expect("pre-commit validate: exit", run.returncode == 0, run.stderr)
    (repository.folder / "broken.yaml").write_text("format: sovrisk-policy/1\npairs: 3\n")
    run = repository.run([validate, "broken.yaml"])
    expect("pre-commit validate: refuses", run.returncode != 0)
    run = repository.run([gate], SOVRISK="no-such-program")
    expect("pre-commit: says that the program is missing", run.returncode == 2 and "no-such-program" not in run.stdout)


def jenkins(repository):
    script = repository.source / "integrations/jenkins/gate.sh"
    stage = (repository.source / "integrations/jenkins/Jenkinsfile").read_text()
    for name in ("sovrisk-junit.xml", "sovrisk.sarif"):
        expect(f"jenkins: the stage reads {name}", f"sovrisk-reports/{name}'" in stage)
    for code in (0, 1, 3, 2):
        run = repository.run(["sh", str(script), "--policy", f"policy{code}.yaml"])
        expect(f"jenkins {code}: exit", run.returncode == code, f"{run.returncode}\n{run.stderr}")
        for name in ("sovrisk-junit.xml", "sovrisk.sarif", "sovrisk.json"):
            expect(f"jenkins {code}: {name}", (repository.read(f"sovrisk-reports/{name}") is None) == (code == 2))


CASES = {"github": github, "gitlab": gitlab, "pre-commit": pre_commit, "jenkins": jenkins}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.binary = options.binary.resolve()
    options.source = options.source.resolve()
    with tempfile.TemporaryDirectory(prefix="sovrisk-") as folder:
        CASES[options.case](Repository(options, folder))
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
