"""nbgrader's settings for this course: it reads them when it is run in this folder."""

from autograder.course import STUB_BODY

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "threes-and-sevens"
# What students find in place of a solution: the kit takes exactly this for "not attempted".
c.ClearSolutions.code_stub = {"python": STUB_BODY}
# Seconds a cell. By default there is no limit, and an endless loop stops the class.
c.Execute.timeout = 120
