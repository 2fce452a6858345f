"""What a notebook shows below a cell."""

from autograder.reporting.cells import Card, graded_card

WRONG = "called    rank(float32 (28, 28))\ncame back <b>28</b>\nexpected  2"


def test_as_text_the_message_stands_under_its_titles():
    card = Card([(["Two axes", "Three axes"], WRONG)], ["1 of 3 tests"])
    assert str(card) == f"Two axes\nThree axes\n{WRONG}\n\n1 of 3 tests"


def test_as_a_page_nothing_of_a_strangers_is_markup():
    html = Card([(["<i>"], WRONG)], ["<u>"]).html
    assert "&lt;b&gt;28&lt;/b&gt;" in html
    assert not any(tag in html for tag in ("<i>", "<u>", "<b>28"))


def test_labels_and_lines_are_apart():
    html = Card([(["Two axes"], WRONG)], []).html
    assert ">called<" in html
    assert ">rank(float32 (28, 28))<" in html


def test_a_notebook_is_offered_both():
    card = Card([], ["done"])
    assert card._repr_mimebundle_() == {"text/plain": "done", "text/html": card.html}


def hidden_test(title, status, message=""):
    score = 2.0 if status == "passed" else 0.0
    return {
        "title": title,
        "status": status,
        "message": message,
        "score": score,
        "max_score": 2.0,
    }


def test_a_graded_function_shows_what_was_lost_each_cause_once():
    function = {
        "name": "rank",
        "status": "failed",
        "score": 2.0,
        "max_score": 6.0,
        "tests": [
            hidden_test("A picture", "passed"),
            hidden_test("A row", "failed", WRONG),
            hidden_test("A number", "failed", WRONG),
        ],
    }
    card = graded_card(function, ["A cell was left out."])
    assert card.wrong == [(["A row  (0 of 2)", "A number  (0 of 2)"], WRONG)]
    assert card.summary == ["A cell was left out.", "rank: failed, 2 of 6 points"]
