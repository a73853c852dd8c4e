#!/usr/bin/env python3
"""End-to-end tests of the command line, as text files: `<command>/<pass|fail>_<case>.clitest`.

    python3 tests/cli/run.py                     all files below this folder, with build/sovrisk
    python3 tests/cli/run.py FILE...             these files
    python3 tests/cli/run.py --update [FILE...]  write what the program prints into exact blocks and golden files
    --binary PATH  --source DIR                  another program, another source tree

A file is a list of steps that share one temporary folder. Lines that start with `#` are comments, lines that start
with `|` are the content of the line above them (one space after the `|` belongs to the mark).

    file NAME                        make a file with the content lines that follow
    env NAME=VALUE                   set (`env NAME`: unset) a variable for all runs that follow
    in FOLDER                        run from this folder from now on ($TMP is where it starts)
    stdin                            content lines: standard input of the next run (none: empty)
    run ARGS...                      run the program; words are split as a shell does, nothing else is expanded
    shell COMMAND                    run `sh -c COMMAND` instead; the program is "$SOVRISK"
    $SRC, $TMP                       the source tree and the temporary folder, in `run`, `shell`, `in` and `same as`

Below `run` or `shell` stands what is expected. `exit N` is required. SUBJECT is `stdout`, `stderr` or `@NAME`, a file:

    exit N
    SUBJECT is                       exactly the content lines that follow          (--update writes them)
    SUBJECT same as FILE             exactly that file                              (--update writes it)
    SUBJECT contains TEXT            TEXT may be a JSON string, "\\u001b[31m", where it begins with a quote
    SUBJECT lacks TEXT
    SUBJECT begins TEXT              its first line begins so
    SUBJECT empty
    SUBJECT lines N                  it has N lines
    SUBJECT width N                  no line of it has more than N characters
    SUBJECT exists                   (files only)
    SUBJECT absent                   (files only)
    SUBJECT json                     it is JSON
    SUBJECT json PATH = VALUE        PATH is a.b.0.c, VALUE is JSON; `a.*.b` collects b of every item of the list a,
    SUBJECT json PATH has VALUE      the list or text at PATH contains VALUE
    SUBJECT json PATH count N        the list or map at PATH has N entries
    SUBJECT json PATH absent         no such key

In a `pass_` file every run ends with exit 0; in a `fail_` file at least one does not.

Runs get a bare environment (PATH, HOME, LANG, TZ, COLUMNS=100; no NO_COLOR, no SOVRISK_CATALOGUE) and standard output
is a pipe, never a terminal.
"""

import argparse
import difflib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 120
VERBS = ["same as", "is", "contains", "lacks", "begins", "empty", "lines", "width", "exists", "absent", "json"]


class Malformed(Exception):
    """A .clitest file that does not follow the syntax above."""


class Line:
    """One statement of a file: its words, its content lines and where they stand."""

    def __init__(self, number, text):
        self.number = number
        self.text = text
        self.word, _, self.rest = text.partition(" ")
        self.rest = self.rest.strip()
        self.content = []

    def body(self):
        return "".join(line + "\n" for line in self.content)


class Step:
    """One run with what is expected of it."""

    def __init__(self, line, stdin):
        self.line = line
        self.stdin = stdin
        self.exit = None
        self.expected = []


def statements(lines):
    found = []
    for index, text in enumerate(lines):
        if text.startswith("|"):
            if not found:
                raise Malformed(f"{index + 1}: content without a statement above it")
            found[-1].content.append(text[2:] if text.startswith("| ") else text[1:])
        elif text.strip() and not text.startswith("#"):
            found.append(Line(index + 1, text))
    return found


def text_value(text):
    if text.startswith('"'):
        return json.loads(text)
    return text


def split_expectation(line):
    subject, _, rest = line.text.partition(" ")
    for verb in VERBS:
        if rest == verb or rest.startswith(verb + " "):
            return subject, verb, rest[len(verb):].strip()
    raise Malformed(f"{line.number}: unknown expectation `{line.text}`")


def at_path(value, path):
    """The value at a.b.0, or KeyError. `*` collects over a list."""
    keys = path.split(".")
    for position, key in enumerate(keys):
        if key == "*":
            rest = ".".join(keys[position + 1:])
            return [at_path(item, rest) if rest else item for item in value]
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            raise KeyError(key)
    return value


def json_problem(text, check):
    """What is wrong with `PATH = VALUE` and its like, or None."""
    try:
        document = json.loads(text)
    except ValueError as error:
        return f"is no JSON: {error}"
    if not check:
        return None
    path, _, rest = check.partition(" ")
    verb, _, wanted = rest.partition(" ")
    try:
        found = at_path(document, path)
    except KeyError:
        return None if verb == "absent" else f"{path}: there is no such key"
    if verb == "absent":
        return f"{path} is there: {json.dumps(found)[:200]}"
    if verb == "count":
        return None if len(found) == int(wanted) else f"{path} has {len(found)} entries"
    value = json.loads(wanted)
    if verb == "=":
        return None if found == value and isinstance(found, bool) == isinstance(value, bool) else f"{path} is {json.dumps(found, ensure_ascii=False)[:400]}"
    if verb == "has":
        return None if value in found else f"{path} is {json.dumps(found, ensure_ascii=False)[:400]}"
    raise Malformed(f"unknown check `{check}`")


def diff(wanted, found, name):
    lines = difflib.unified_diff(wanted.splitlines(), found.splitlines(), "expected", name, lineterm="", n=2)
    text = "\n".join(lines)
    if not text:
        text = "they differ in the end of the last line"
    return text


class Runner:
    def __init__(self, binary, source, update):
        self.binary = binary
        self.source = source
        self.update = update

    def expand(self, text, folder):
        return text.replace("$SRC", str(self.source)).replace("$TMP", str(folder))

    def environment(self, folder):
        keep = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS") if name in os.environ}
        return {**keep, "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100", "SOVRISK": str(self.binary)}

    def run(self, path):
        """Failures of one file, as texts."""
        lines = path.read_text(encoding="utf-8").split("\n")
        failures = []
        replaced = []  # (statement, new content lines)
        with tempfile.TemporaryDirectory(prefix="sovrisk-cli-") as name:
            folder = pathlib.Path(name)
            cwd = folder
            environment = self.environment(folder)
            stdin = ""
            step = None
            steps = []
            # Steps are run one after the other; a step is complete when the next statement that is no expectation comes.
            pending = statements(lines)
            for line in pending:
                if line.word in ("run", "shell"):
                    step = Step(line, stdin)
                    step.cwd, step.environment = cwd, dict(environment)
                    steps.append(step)
                    stdin = ""
                elif line.word == "stdin":
                    step = None
                    stdin = line.body()
                elif line.word == "file":
                    step = None
                    steps.append(line)
                elif line.word == "env":
                    step = None
                    key, equals, value = line.rest.partition("=")
                    if equals:
                        environment[key] = self.expand(value, folder)
                    else:
                        environment.pop(key, None)
                elif line.word == "in":
                    step = None
                    cwd = folder / self.expand(line.rest, folder)
                elif line.word == "exit" and step is not None:
                    step.exit = int(line.rest)
                elif step is not None and (line.word in ("stdout", "stderr") or line.word.startswith("@")):
                    step.expected.append(line)
                else:
                    raise Malformed(f"{line.number}: `{line.text}` is not understood here")
            codes = []
            for step in steps:
                if isinstance(step, Line):
                    target = folder / step.rest
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(step.body(), encoding="utf-8")
                    continue
                if step.exit is None:
                    raise Malformed(f"{step.line.number}: `exit N` is missing")
                codes.append(step.exit)
                failures += self.step(path, step, folder, replaced)
        if not codes:
            raise Malformed("1: nothing is run")
        passes = path.name.startswith("pass_")
        if passes and any(codes):
            raise Malformed("1: a pass_ file expects an exit other than 0")
        if not passes and not any(codes):
            raise Malformed("1: a fail_ file expects nothing but exit 0")
        if self.update and replaced:
            for line, content in sorted(replaced, key=lambda pair: -pair[0].number):
                lines[line.number:line.number + len(line.content)] = ["| " + text if text else "|" for text in content]
            path.write_text("\n".join(lines), encoding="utf-8")
        return failures

    def step(self, path, step, folder, replaced):
        line = step.line
        if line.word == "run":
            command = [str(self.binary)] + [self.expand(word, folder) for word in shlex.split(line.rest)]
        else:
            command = ["/bin/sh", "-c", self.expand(line.rest, folder)]
        try:
            done = subprocess.run(command, cwd=step.cwd, env=step.environment, input=step.stdin.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return [f"{path}:{line.number}: `{line.text}` did not end within {SECONDS} s"]
        streams = {"stdout": done.stdout.decode("utf-8", "surrogateescape"), "stderr": done.stderr.decode("utf-8", "surrogateescape")}
        problems = []
        if done.returncode != step.exit:
            how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit {done.returncode}"
            problems.append(f"{path}:{line.number}: {how}, not {step.exit}: {line.text}\n{streams['stderr'][:2000]}")
        for expected in step.expected:
            subject, verb, rest = split_expectation(expected)
            problem = self.check(subject, verb, rest, expected, streams, folder, replaced)
            if problem:
                problems.append(f"{path}:{expected.number}: {expected.text}\n{problem}")
        return problems

    def check(self, subject, verb, rest, line, streams, folder, replaced):
        if subject.startswith("@"):
            file = folder / subject[1:]
            if verb == "absent":
                return f"{subject} is there" if file.exists() else None
            if not file.exists():
                return f"{subject} is not there"
            if verb == "exists":
                return None
            text = file.read_bytes().decode("utf-8", "surrogateescape")
        else:
            text = streams[subject]
        if verb == "is":
            if text == line.body():
                return None
            if self.update and text.endswith("\n"):
                replaced.append((line, text.split("\n")[:-1]))
                return None
            return diff(line.body(), text, subject)
        if verb == "same as":
            golden = pathlib.Path(self.expand(rest, folder))
            wanted = golden.read_text(encoding="utf-8") if golden.exists() else ""
            if text == wanted:
                return None
            if self.update:
                golden.parent.mkdir(parents=True, exist_ok=True)
                golden.write_text(text, encoding="utf-8")
                return None
            return diff(wanted, text, subject)
        if verb == "contains":
            return None if text_value(rest) in text else f"{subject} is:\n{text[:3000]}"
        if verb == "lacks":
            return None if text_value(rest) not in text else f"{subject} is:\n{text[:3000]}"
        if verb == "begins":
            return None if text.startswith(text_value(rest)) else f"{subject} is:\n{text[:500]}"
        if verb == "empty":
            return None if not text else f"{subject} is:\n{text[:3000]}"
        if verb == "lines":
            return None if len(text.splitlines()) == int(rest) else f"{subject} has {len(text.splitlines())} lines:\n{text[:3000]}"
        if verb == "width":
            wide = [row for row in text.split("\n") if len(row) > int(rest)]
            return f"too wide:\n{wide[0]}" if wide else None
        if verb == "json":
            problem = json_problem(text, rest)
            return f"{subject} {problem}" if problem else None
        raise Malformed(f"{line.number}: `{verb}` is for files")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--source", type=pathlib.Path, default=HERE.parent.parent)
    parser.add_argument("--binary", type=pathlib.Path)
    parser.add_argument("--update", action="store_true", help="refresh exact blocks and golden files")
    options = parser.parse_args()
    source = options.source.resolve()
    binary = (options.binary or source / "build" / "sovrisk").resolve()
    if not binary.is_file():
        print(f"{binary} is not there; build first", file=sys.stderr)
        return 2
    files = options.files or sorted(HERE.rglob("*.clitest"))
    if not files:
        print("there is no test", file=sys.stderr)
        return 2
    runner = Runner(binary, source, options.update)
    failed = 0
    for path in files:
        try:
            failures = runner.run(path)
        except (Malformed, ValueError, OSError) as error:
            failures = [f"{path}: malformed: {error}"]
        failed += bool(failures)
        for failure in failures:
            print(failure.encode("utf-8", "backslashreplace").decode(), end="\n\n")
    print(f"{len(files) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
