"""What goes wrong with the data, said in one sentence."""


class MnistError(Exception):
    """The data can't be read or written; the message says why and what to do."""
