"""Runs test files with pytest or unittest and writes how they ended: `drift_run_tests.py <config> <report>`."""

import importlib
import json
import os
import sys
import unittest

import drift_random


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        config = json.load(file)
    os.chdir(config["root"])
    drift_random.fix()
    started = sys.modules.get("drift_tracer")
    watcher = Watcher(getattr(started, "current", None), config["root"])
    runners = {"pytest": run_pytest, "unittest": run_unittest}
    counts = runners[config["runner"]](config["tests"], watcher)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({**counts, "lost": watcher.lost()}, file)


class Watcher:
    """Tells the tracer, if there is one, which test file is running, and gives each the same random numbers."""

    def __init__(self, tracer, root):
        self.tracer = tracer
        self.root = root
        self.at = None

    def enter(self, file, phase="run"):
        if self.tracer is not None:
            self.tracer.watch()
        if (file, phase) != self.at:
            self.at = file, phase
            drift_random.restart()  # The same whether all test files are run or this one alone.
            if self.tracer is not None:
                self.tracer.set_witness(os.path.relpath(file, self.root).replace(os.sep, "/"))

    def lost(self):
        return 0 if self.tracer is None else self.tracer.lost


def run_pytest(tests, watcher):
    import pytest

    class Plugin:
        passed = []
        failures = []

        @pytest.hookimpl(tryfirst=True)
        def pytest_collectstart(self, collector):
            if isinstance(collector, pytest.File):
                watcher.enter(str(collector.path), "collect")

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(self, item):
            watcher.enter(str(item.path))

        def pytest_collectreport(self, report):
            if report.failed:
                self.failures.append(report.nodeid)

        def pytest_runtest_logreport(self, report):
            if report.failed:
                self.failures.append(report.nodeid)
            elif report.passed and report.when == "call":
                self.passed.append(report.nodeid)

    options = ["-p", "no:cacheprovider", "-q", "--color=no", "--tb=line", *tests]
    plugin = Plugin()
    status = pytest.main(options, plugins=[plugin])
    if status == 4:
        # The corpus's own options name plugins that are not here.
        status = pytest.main(["-o", "addopts=", *options], plugins=[plugin])
    failures = sorted(set(plugin.failures))
    if status not in (0, 1) and not failures:
        failures = [f"pytest ended with {int(status)}"]
    return _counts(plugin.passed, failures)


def run_unittest(tests, watcher):
    class Result(unittest.TestResult):
        passed = []

        def addSuccess(self, test):
            super().addSuccess(test)
            self.passed.append(test.id())

    result = Result()
    failures = []
    for test in tests:
        path = os.path.abspath(test)
        watcher.enter(path)
        folder, name = os.path.split(path[: -len(".py")])
        while os.path.exists(os.path.join(folder, "__init__.py")):
            folder, package = os.path.split(folder)
            name = f"{package}.{name}"
        if folder not in sys.path:
            sys.path.insert(0, folder)
        try:
            module = importlib.import_module(name)
        except Exception as error:  # Whatever a test file raises is its failure.
            failures.append(f"{test}: {error!r}")
            continue
        unittest.defaultTestLoader.loadTestsFromModule(module).run(result)
    failures += [test.id() for test, _ in result.failures + result.errors]
    return _counts(result.passed, sorted(failures))


def _counts(passed, failures):
    """How many, and which by name; a test that passes and is torn down with an error is in both."""
    return {"passed": len(passed), "passes": passed, "failed": len(failures), "failures": failures}


if __name__ == "__main__":
    main()
