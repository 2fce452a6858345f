import re
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest

from autograder.reporting.feedback import Line, feedback_page, message_lines, write_feedback

MESSAGE = """\
called    mnist_distance(float32 (1010, 28, 28), float32 (28, 28))
came back float32 () 0.0423
expected  float32 (1010,) 0.1286, 0.1421, …
lesson    The mean over the last two axes leaves one number for each picture."""


class Page(HTMLParser):
    """The tags of a page with their attributes, and the words that a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(result) -> Page:
    return Page(feedback_page(result))


def message_of(page: str) -> str:
    """The message of the page's one <pre>, as copied from it."""
    (pre,) = re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)
    return "\n".join(
        unescape(re.sub(r"</?b>", "", line))
        for line in re.findall(r"<span[^>]*>(.*?)</span>", pre, re.DOTALL)
    )


def test_the_page_opens_with_student_score_and_what_was_reached(result, function, hidden_test):
    functions = (
        function("rank"),
        function("mnist_distance", hidden_test("failed")),
        function("is_3", hidden_test("not_attempted")),
    )
    text = page_of(result("Anna Bäcker", *functions, score=17.5, max_score=30.0)).text
    assert "Threes & Sevens · mnist_basics Anna Bäcker 17.5 of 30 points" in text
    assert "1 of 3 functions passed, 1 failed, 1 not attempted" in text


def test_the_bar_is_filled_as_far_as_the_points_go(result, function):
    page = page_of(result("anna", function(score=3.0, max_score=4.0)))
    assert "width: 75%" in [attributes.get("style") for attributes in page.named("i")]


def test_a_bar_of_no_points_is_empty(result, function):
    assert page_of(result("anna", function(score=0.0, max_score=0.0))).named("i") == []


def test_a_failed_test_shows_title_status_rule_points_and_message(result, function, hidden_test):
    failed = hidden_test("failed", 2.0, rule="in_place", message=MESSAGE)
    html = feedback_page(result("anna", function("mnist_distance", failed)))
    assert (
        "One distance for each picture of a batch ✗ failed rule: in place 0 of 2" in Page(html).text
    )
    assert message_of(html) == MESSAGE


@pytest.mark.parametrize(
    ("status", "sign"), [("failed", "✗ failed"), ("error", "! error"), ("timeout", "… timeout")]
)
def test_a_lost_test_has_a_sign_and_a_word(result, function, hidden_test, status, sign):
    page = page_of(result("anna", function("rank", hidden_test(status), status="failed")))
    assert f"One distance for each picture of a batch {sign}" in page.text


@pytest.mark.parametrize(
    ("status", "summary"),
    [
        ("passed", "✓ 2 tests passed"),
        ("skipped", "- 2 tests skipped"),
        ("not_attempted", "○ 2 tests not attempted"),
    ],
)
def test_the_other_tests_are_folded(result, function, hidden_test, status, summary):
    tests = hidden_test(status), hidden_test(status, title="A single picture")
    page = page_of(result("anna", function("rank", *tests)))
    assert f"{summary} One distance for each picture of a batch" in page.text
    # The receipt is the other one.
    assert page.named("details") == [{"class": "folded"}, {}]


def test_a_function_not_attempted_is_not_called_wrong(result, function, hidden_test):
    page = page_of(result("anna", function("is_3", hidden_test("not_attempted"))))
    assert "You have not written this function yet." in page.text
    assert "failed" not in page.text


def test_one_message_of_many_tests_is_said_once(result, function, hidden_test):
    message = "distance.py could not be read: line 4 is not Python."
    tests = [hidden_test("failed", title=title, message=message) for title in ("One", "Two", "Ten")]
    html = feedback_page(result("anna", function("rank", *tests)))
    assert message_of(html) == message
    assert all(f"<h3>{title}</h3>" in html for title in ("One", "Two", "Ten"))


def test_a_diagnosis_is_explained(result, function, hidden_test):
    diagnosis = {"misconception": "signed-differences-cancel", "explanation": "They cancel."}
    page = page_of(result("anna", function("rank", hidden_test("failed"), diagnosis=diagnosis)))
    assert "What may have happened They cancel." in page.text


def test_notes_are_shown(result):
    assert (
        "Both define rank. No torch.py."
        in page_of(result(notes=["Both define rank.", "No torch.py."])).text
    )


def test_an_unreadable_submission_says_why_and_what_to_do(result):
    page = page_of(result(status="unreadable", score=0.0, problem="anna.zip is not a zip file."))
    assert "Your submission could not be read anna.zip is not a zip file." in page.text
    assert "hand it in again" in page.text
    assert "Points by function" not in page.text


def test_who_is_not_graded_sees_no_score(result):
    page = page_of(result(status="not_graded", score=0.0, problem="The machine is out of memory."))
    assert "Not graded yet The machine is out of memory. This is not your doing" in page.text
    assert "points" not in page.text.replace("costs no points", "")


@pytest.mark.parametrize("status", ["unreadable", "not_graded"])
def test_a_problem_without_words_is_still_a_page(result, status):
    assert "None" not in page_of(result(status=status, problem=None)).text


def test_the_receipt_is_short(result):
    text = page_of(result()).text
    assert "submission 0123456789ab torch 2.15.0 seed 0 sandbox none" in text


HOSTILE = [
    "<script>alert(1)</script>",
    "</pre></article><img src=x onerror=alert(1)>",
    "\"' onmouseover='alert(1)' style=\"background:url(//evil.example)",
    "{{ 7 * 7 }}{% raw %}",
    "--><!--",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_stranger_writes_text_and_never_html(result, function, hidden_test, words):
    failed = hidden_test("failed", message=words, title=words)
    diagnosis = {"misconception": "x", "explanation": words}
    hostile = result(words, function("rank", failed, diagnosis=diagnosis), notes=[words])
    calm = result(
        "anna", function("rank", failed | {"message": "m"}, diagnosis=diagnosis), notes=["n"]
    )
    page = page_of(hostile)
    assert page.text.count(words) == 6
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in page_of(calm).tags]


@pytest.mark.parametrize("status", ["unreadable", "not_graded"])
@pytest.mark.parametrize("words", HOSTILE)
def test_a_problem_is_text_too(result, status, words):
    assert words in page_of(result(status=status, problem=words)).text


def test_what_cannot_be_seen_is_shown(result, function, hidden_test):
    failed = hidden_test("failed", message="\x1b[31mred\x1b[0m\0 \u202eenod\udce9", title="a\x07b")
    html = feedback_page(result("eve\u202e", function("rank", failed)))
    assert message_of(html) == r"\x1b[31mred\x1b[0m\x00 \u202eenod\udce9"
    assert r"<h1>eve\u202e</h1>" in html
    assert r"<h3>a\x07b</h3>" in html


def test_labels_of_a_message_stand_apart_so_that_long_lines_wrap_below_their_text():
    assert message_lines(MESSAGE + "\n          and more")[1:] == [
        Line("came back ", "float32 () 0.0423"),
        Line("expected  ", "float32 (1010,) 0.1286, 0.1421, …"),
        Line("lesson    ", "The mean over the last two axes leaves one number for each picture."),
        Line("          ", "and more"),
    ]


def test_a_sentence_has_no_label():
    assert message_lines("the shape is wrong") == [Line("", "the shape is wrong")]


def test_the_page_needs_nothing_from_outside(result, function, hidden_test):
    page = page_of(result("anna", function("rank", hidden_test("failed", message=MESSAGE))))
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    assert {attributes["href"] for attributes in page.named("a")} == {"#rank"}
    style = files("autograder.reporting").joinpath("feedback.html.j2").read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_a_browser_is_told_language_width_schemes_and_to_fetch_nothing(result):
    page = page_of(result())
    metas = page.named("meta")
    assert page.named("html") == [{"lang": "en"}]
    assert {"charset": "utf-8"} in metas
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in metas
    assert any("default-src 'none'" in (meta["content"] or "") for meta in metas[1:])


def test_headings_go_down_one_step_at_a_time(result, function, hidden_test):
    page = page_of(result("anna", function("rank", hidden_test("failed")), notes=["n"]))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" as WCAG 2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("paper", ["page", "card"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "good", "bad"])
def test_text_has_the_contrast_that_wcag_aa_asks_for(scheme, ink, paper):
    style = files("autograder.reporting").joinpath("feedback.html.j2").read_text("utf-8")
    palette = dict(re.findall(r"--(\w+): (#\w{6})", style.split("--page")[scheme + 1]))
    palette["page"] = re.findall(r"--page: (#\w{6})", style)[scheme]
    light, dark = sorted((luminance(palette[ink]), luminance(palette[paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_file_carries_the_students_name(result, tmp_path):
    path = write_feedback(result("Zoë"), tmp_path)
    assert path == tmp_path / "Zoë.html"
    assert path.read_text("utf-8") == feedback_page(result("Zoë"))
