"""The command line itself: what every command has in common."""

from click.testing import CliRunner

from autograder.cli import Group


def test_ctrl_c_ends_with_a_word_and_the_code_of_shells():
    group = Group()

    @group.command()
    def wait():
        raise KeyboardInterrupt

    run = CliRunner().invoke(group, ["wait"])
    assert (run.exit_code, run.stderr) == (130, "autograder: stopped.\n")
