"""China time that can be shifted, masks that keep little, logs that keep only listed fields."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from groundwork.clock import Clock, write_offset
from groundwork.environment import BadSettings, Environment, secret_list, whole_number
from groundwork.logs import keep_listed_fields, where_raised
from groundwork.masking import mask_id_number, mask_name, mask_phone
from groundwork.reading import Reading, Unreadable


def test_time_is_told_in_china_time() -> None:
    assert Clock().now().utcoffset() == timedelta(hours=8)


def test_an_offset_file_shifts_every_clock_that_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    one, other = Clock(file), Clock(file)
    write_offset(file, timedelta(days=400))

    assert one.now() - Clock().now() > timedelta(days=399)
    assert abs(one.now() - other.now()) < timedelta(seconds=5)


def test_without_its_file_the_clock_tells_real_time(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    write_offset(file, timedelta(days=1))
    write_offset(file, None)

    assert abs(Clock(file).now() - Clock().now()) < timedelta(seconds=5)


@pytest.mark.parametrize(("name", "shown"), [("林月华", "**华"), ("王芳", "*芳"), ("丁", "*")])
def test_a_name_keeps_its_last_character_only(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_numbers_and_phones_keep_their_ends_only() -> None:
    assert mask_id_number("371399198503020019") == "371***********0019"
    assert mask_phone("19900001234") == "199****1234"


def test_a_field_that_is_not_listed_never_reaches_a_log() -> None:
    kept = keep_listed_fields(None, "info", {"event": "signed_in", "name": "林月华", "status": 200})

    assert kept == {"event": "signed_in", "status": 200}


def test_a_library_is_heard_without_its_words() -> None:
    """urllib3 and requests put whole URLs, secrets included, into their messages."""
    code = (
        "import logging; from groundwork.logs import configure_logs; configure_logs('t');"
        "logging.getLogger('urllib3').warning('GET /sns/jscode2session?secret=%s', 'hush')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr

    assert json.loads(told)["kind"] == "urllib3"
    assert "hush" not in told
    assert "secret" not in told


def test_where_an_error_was_raised_is_told_without_its_text() -> None:
    with pytest.raises(ValueError, match="invalid literal") as raised:
        int("371399198503020019x")
    told = where_raised(raised.value)

    assert "test_clock_masks_logs.py" in told
    assert "3713" not in told


def test_an_error_that_was_never_raised_comes_from_nowhere() -> None:
    assert where_raised(ValueError("371399198503020019x")) == "unknown"


def test_a_list_of_texts_with_anything_else_in_it_is_unreadable() -> None:
    told = Reading.of({"names": ["one", "two"], "numbers": ["one", 2]}, "reply")

    assert told.texts("names") == ("one", "two")
    with pytest.raises(Unreadable, match=r"reply\.numbers"):
        told.texts("numbers")


def test_a_day_may_be_left_out_and_must_be_one() -> None:
    told = Reading.of({"born": "2018-05-05", "none": None, "moment": "2018-05-05T10:00:00", "month": "2018-05"}, "reply")

    assert (told.maybe_day("born"), told.maybe_day("none"), told.maybe_day("missing")) == (date(2018, 5, 5), None, None)
    for wrong in ("moment", "month"):
        with pytest.raises(Unreadable, match=rf"reply\.{wrong}"):
            told.maybe_day(wrong)


def test_every_bad_setting_is_named_at_once_and_no_value_is_repeated() -> None:
    environment = Environment({"PORT": "eighty", "KEYS": "short"})
    environment.read("PORT", whole_number(1, 65535))
    environment.read("KEYS", secret_list)
    environment.read("URL", str)

    with pytest.raises(BadSettings) as told:
        environment.finish()

    said = str(told.value)
    assert all(name in said for name in ("PORT", "KEYS", "URL"))
    assert "eighty" not in said
    assert "short" not in said


def test_good_settings_are_read_with_their_defaults() -> None:
    environment = Environment({"PORT": "8000"})

    assert environment.read("PORT", whole_number(1, 65535)) == 8000
    assert environment.read("IDLE_S", whole_number(1, 10), default=5) == 5
    environment.finish()
