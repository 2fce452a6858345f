"""Orders and answers cross a control socket one by one, open descriptors with them."""

import os
import socket

import pytest

from autograder.worker.packets import LONGEST_PACKET, receive_packet, send_packet


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_message_arrives_as_it_was(ends):
    send_packet(ends[0], {"op": "end", "pid": 7, "patience": 0.5})
    assert receive_packet(ends[1]) == ({"op": "end", "pid": 7, "patience": 0.5}, [])


def test_descriptors_come_along_open(ends):
    reading, writing = os.pipe()
    send_packet(ends[0], {"op": "fork"}, [writing])
    _, (copy,) = receive_packet(ends[1])
    os.close(writing)
    os.write(copy, b"hello")
    assert os.read(reading, 10) == b"hello"
    os.close(copy)
    os.close(reading)


def test_two_descriptors_keep_their_order(ends, tmp_path):
    files = [(tmp_path / name).open("w") for name in ("first", "second")]
    send_packet(ends[0], {}, [file.fileno() for file in files])
    _, copies = receive_packet(ends[1])
    for number, copy in enumerate(copies, start=1):
        os.write(copy, str(number).encode())
        os.close(copy)
    for file in files:
        file.close()
    assert [(tmp_path / name).read_text() for name in ("first", "second")] == ["1", "2"]


def test_a_side_that_has_hung_up_is_none(ends):
    ends[0].close()
    assert receive_packet(ends[1]) is None


def test_nobody_to_send_to_is_an_error(ends):
    ends[1].close()
    with pytest.raises(OSError, match="pipe"):
        send_packet(ends[0], {"ready": True})


def test_the_longest_sentence_fits_into_a_packet(ends):
    problem = "x" * (LONGEST_PACKET - 20)
    send_packet(ends[0], {"problem": problem})
    assert receive_packet(ends[1]) == ({"problem": problem}, [])
