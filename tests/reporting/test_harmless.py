"""A student's text can be shown to the instructor: formatting stays, nothing runs."""

import pytest

from autograder.reporting.harmless import harmless


@pytest.mark.parametrize(
    "text",
    [
        "A **rank** is `tensor.ndim`, see [the docs](https://pytorch.org).",
        "If $a < b$ and b > c & d, then\n```python\nif a < b: ...\n```",
        "![pasted](attachment:p.png)",
        "JavaScript is a language: this is about Python.",
    ],
)
def test_what_does_no_harm_stays_as_it_was_written(text):
    assert harmless(text) == text


@pytest.mark.parametrize(
    "tag", ["<script>steal()</script>", "<img src=x onerror=steal()>", "<ScRiPt\n>", "<!-- -->"]
)
def test_tags_that_could_run_are_gone_or_shown_as_text(tag):
    pytest.importorskip("nbconvert", reason="nbgrader is missing: pip install -e '.[instructor]'")
    shown = harmless(f"My answer {tag}")
    assert shown.startswith("My answer")
    assert "<" not in shown


def test_simple_formatting_stays_beside_them():
    pytest.importorskip("nbconvert", reason="nbgrader is missing: pip install -e '.[instructor]'")
    assert harmless("<b>one</b> <iframe>") == "<b>one</b> &lt;iframe&gt;"


@pytest.mark.parametrize(
    "link",
    [
        "[x](javascript:steal())",
        "[x](JAVA&#115;cript:steal())",
        "[x](java&#9;script:steal())",
        "[x](java\\script:steal())",
        "<vbscript:steal()>",
    ],
)
def test_text_with_a_link_that_runs_is_shown_as_typed(link):
    assert harmless(f"```\n{link}") == f"````\n```\n{link}\n````"
