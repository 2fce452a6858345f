"""Judge trusted answers in this process: no worker, so that a whole bank takes seconds."""

from __future__ import annotations

import importlib
import marshal
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from autograder.course import load_course
from autograder.judging.judge import Judge, run_judge
from autograder.judging.references import SOLUTIONS, compiled_references
from autograder.judging.result import Verdict
from autograder.judging.suite import HiddenTest, suite_files
from autograder.observing.outcome import Outcome
from autograder.observing.tensors import map_tensors
from autograder.observing.watch import describe_exception, watch
from autograder.worker.modules import ModuleSource, StudentModules

COURSE = load_course()


class LocalBackend:
    """One answer to one function; every other function is the reference."""

    def __init__(self, function: str, text: str) -> None:
        self._unit = COURSE.function(function).unit
        others = [f.name for f in COURSE.functions if f.name != function]
        sources = {
            unit: ModuleSource(f"{unit}.py", ((SOLUTIONS / f"{unit}.py").read_text(),))
            for unit in COURSE.unit_names
        }
        sources[self._unit] = ModuleSource(f"{self._unit}.py", (text,))
        right: dict[str, Any] = {}
        exec(marshal.loads(compiled_references(frozenset(others), COURSE)), right)
        beside = {n: right[n] for n in others if COURSE.function(n).unit == self._unit}
        replacements = {self._unit: beside} if beside else {}
        self._modules = StudentModules(sources, COURSE.unit_names, replacements=replacements)

    def __enter__(self) -> LocalBackend:
        self._modules.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._modules.__exit__(*error)

    def stand_on(self, name: str, failed: frozenset[str]) -> None:
        pass

    def again(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Outcome]:
        return [self.call(name, map_tensors(args, torch.Tensor.clone), kwargs, "nothing")]

    def answers(self, name: str) -> None:
        return None

    def is_scripted(self, name: str) -> bool:
        return False

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], what: str) -> Outcome:
        try:
            function = getattr(importlib.import_module(f"exercises.{self._unit}"), name)
        except BaseException as error:
            return Outcome(raised=describe_exception(error))
        return watch(function, args, kwargs, what)


def judge_answers(
    answers: Iterable[tuple[str, str]], seed: int = 0, files: list[Path] | None = None
) -> list[dict[HiddenTest, Verdict]]:
    """Judge ``(function, module text)`` pairs and return each one's verdicts."""
    verdicts: list[dict[HiddenTest, Verdict]] = []

    def work(judge: Judge) -> None:
        for function, text in answers:
            found = judge.run(LocalBackend(function, text), frozenset({function}))
            verdicts.append(found)

    run_judge(Judge(COURSE, seed, work), files or suite_files())
    return verdicts


def rules_lost(verdicts: dict[HiddenTest, Verdict]) -> set[str]:
    """The rules of the tests that were not passed."""
    return {test.rule for test, verdict in verdicts.items() if not verdict.good}
