import pytest

from qadesk.errors import DataError
from qadesk.labels.text_files import is_text, read_bytes, writing


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    with writing(path) as file:
        file.write("Zoë\r\n")
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_bytes() == "Zoë\r\n".encode()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.txt"]


def test_a_failure_leaves_what_was_there(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")

    def fail():
        with writing(path) as file:
            file.write("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.txt"]


def test_a_cancelled_generator_leaves_what_was_there(tmp_path):
    path = tmp_path / "out.txt"

    def work():
        with writing(path) as file:
            file.write("half")
            yield

    going = work()
    next(going)
    going.close()
    assert not list(tmp_path.glob("out*"))


def test_a_place_that_cannot_be_written_is_reported_in_words(tmp_path):
    place = writing(tmp_path / "nowhere" / "out.txt")
    with pytest.raises(DataError, match=r"'out.txt' could not be written. Check that .*nowhere can be written to"):
        place.__enter__()


def test_reading_is_bounded_and_the_bound_is_named(tmp_path):
    path = tmp_path / "in.txt"
    path.write_bytes(b"x" * 2_000_001)
    assert len(read_bytes(path, 2_000_001, "")) == 2_000_001
    with pytest.raises(DataError, match=r"'in.txt' is larger than 2 MB"):
        read_bytes(path, 2_000_000, "")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", True), ("", False), (" \n", False), (None, False), (3, False), ("\ud83d", False), ("😀", True)],
)
def test_what_a_text_is(value, expected):
    assert is_text(value) is expected
