"""Whether an answer can be right at all: each fault its own code, nothing guessed, spaces forgiven."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bff.errors import InvalidAnswers, UnknownField
from bff.flows.fields import FieldFault, LookTaken, PhoneByChannel, check_field, check_step, said_secret, told_value
from bff.flows.plan import Field, Option, Step
from groundwork.id_number import check_character

TODAY = date(2026, 3, 2)


def field(kind: str, **more: Any) -> Field:
    return Field(kind, kind, kind, **more)


def fault_of(asked: Field, given: Any) -> str:
    with pytest.raises(FieldFault) as raised:
        check_field(asked, given, TODAY)
    return raised.value.fault.code


@pytest.fixture
def number() -> str:
    seventeen = "37139919850302001"
    return seventeen + check_character(seventeen)


def test_an_id_number_is_trimmed_and_its_x_written_large() -> None:
    seventeen = next(f"3713991985030{n:04d}" for n in range(2000, 3000) if check_character(f"3713991985030{n:04d}") == "X")

    assert check_field(field("id_number"), f" \u3000{seventeen}x\t", TODAY) == seventeen + "X"


def test_the_id_of_a_look_into_the_camera_is_short() -> None:
    assert check_field(field("real_person"), "c" * 256, TODAY) == LookTaken("c" * 256)
    assert fault_of(field("real_person"), "c" * 257) == "wrong_kind"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda n: n[:17] + ("0" if n[17] != "0" else "1"), "id_number_check"),
        (lambda n: n[:10] + "0230" + n[14:], "id_number_birth_date"),
        (lambda n: n[:6] + "2099" + n[10:], "id_number_birth_date"),
        (lambda n: "99" + n[2:], "id_number_province"),
        (lambda n: n[:6] + n[8:17], "id_number_15_digits"),
        (lambda n: n[:-1], "id_number_length"),
        (lambda n: n + "1", "id_number_length"),
        (lambda n: n.translate({ord("3"): "３"}), "id_number_full_width"),
        (lambda n: "ｘ".join((n[:17], "")), "id_number_full_width"),
        (lambda n: n[:5] + "²" + n[6:], "id_number_characters"),
        (lambda n: n[:5] + "A" + n[6:], "id_number_characters"),
        (lambda n: n[:6] + " " + n[6:], "id_number_characters"),
    ],
)
def test_each_fault_of_an_id_number_has_its_own_code(number: str, change: Any, code: str) -> None:
    assert fault_of(field("id_number"), change(number)) == code


@pytest.mark.parametrize("given", [371399198503020011, True, ["x"], {"a": 1}, 1.5])
@pytest.mark.parametrize("kind", ["id_number", "name", "phone", "text", "date"])
def test_what_is_no_text_is_refused_where_text_is_asked(kind: str, given: Any) -> None:
    assert fault_of(field(kind), given) == "wrong_kind"


@pytest.mark.parametrize("name", ["王芳", "阿卜杜拉·买买提", "阿卜杜拉・买买提", "John O'Neil", "𠮷田", "欧阳 静"])
def test_names_of_every_people_are_taken_as_written(name: str) -> None:
    assert check_field(field("name"), f"  {name} ", TODAY) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("王", "name_length"),
        ("王" * 51, "name_length"),
        ("王9", "name_characters"),
        ("<b>王", "name_characters"),
        ("王\u0000芳", "name_characters"),
        ("王芳😀", "name_characters"),
    ],
)
def test_what_is_no_name_is_refused(name: str, code: str) -> None:
    assert fault_of(field("name"), name) == code


def test_digits_are_not_enough_where_a_channel_must_vouch_for_a_phone() -> None:
    vouched = replace(field("phone"), vouched=True)

    assert fault_of(vouched, "13800001234") == "phone_unverified"
    assert isinstance(check_field(vouched, {"channel_code": "x"}, TODAY), PhoneByChannel)


def test_a_typed_phone_is_kept_as_unverified() -> None:
    assert check_field(field("phone"), " 13800001234 ", TODAY) == {"number": "13800001234", "verified": False}


@pytest.mark.parametrize(
    ("phone", "code"),
    [
        ("１３８００００１２３４", "phone_full_width"),
        ("12800001234", "phone_shape"),
        ("1380000123", "phone_shape"),
        ("+8613800001234", "phone_shape"),
        ("138 0000 1234", "phone_shape"),
    ],
)
def test_what_is_no_mainland_phone_is_refused(phone: str, code: str) -> None:
    assert fault_of(field("phone"), phone) == code


@pytest.mark.parametrize("code", ["abc", {"response": "x", "sign": "y"}])
def test_a_phone_may_come_as_the_channels_code(code: Any) -> None:
    assert check_field(field("phone"), {"channel_code": code}, TODAY) == PhoneByChannel(code)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"channel_code": ""},
        {"channel_code": 7},
        {"channel_code": "x", "more": 1},
        {"channel_code": {}},
        {"channel_code": {"a": 1}},
        {"channel_code": "x" * 5000},
    ],
)
def test_a_channel_code_that_is_none_is_refused(given: Any) -> None:
    assert fault_of(field("phone"), given) == "wrong_kind"


def choice(**more: Any) -> Field:
    options = (Option("mother", "母亲"), Option("father", "父亲", disabled=True, reason="已满"))
    return field("choice", options=options, **more)


def test_a_choice_is_one_of_those_offered() -> None:
    assert check_field(choice(), "mother", TODAY) == "mother"
    assert fault_of(choice(), "godmother") == "choice_unknown"
    assert fault_of(choice(), "father") == "choice_disabled"
    assert fault_of(choice(), ["mother"]) == "wrong_kind"
    assert fault_of(choice(), 1) == "wrong_kind"


def test_a_relative_of_whom_there_may_be_no_more_is_left_to_the_core_to_refuse() -> None:
    relation = replace(choice(), name="relation")

    assert check_field(relation, "father", TODAY) == "father"
    assert fault_of(relation, "<father>") == "choice_unknown"


def test_several_choices_are_a_list_without_repetition() -> None:
    assert check_field(choice(multiple=True), ["mother"], TODAY) == ["mother"]
    assert fault_of(choice(multiple=True), "mother") == "wrong_kind"
    assert fault_of(choice(multiple=True), []) == "wrong_kind"
    assert fault_of(choice(multiple=True), ["mother", "mother"]) == "choice_unknown"
    assert fault_of(choice(multiple=True), ["mother", {"a": 1}]) == "wrong_kind"


def test_one_agrees_to_a_text_and_not_to_a_box() -> None:
    consent = field("consent", text=("一",), text_hash="f" * 64)

    assert check_field(consent, "f" * 64, TODAY) == "f" * 64
    assert fault_of(consent, "0" * 64) == "consent_other_text"
    assert fault_of(consent, True) == "consent_missing"


@pytest.mark.parametrize("kind", ["confirm", "summary"])
@pytest.mark.parametrize("given", [False, "true", 1, [True]])
def test_only_true_confirms(kind: str, given: Any) -> None:
    assert check_field(field(kind), True, TODAY) is True
    assert fault_of(field(kind), given) == "confirm_missing"


def test_texts_dates_and_money_have_their_bounds() -> None:
    assert check_field(field("text"), " 字 ", TODAY) == "字"
    assert fault_of(field("text"), "字" * 101) == "text_length"
    assert fault_of(field("text"), "一\n二") == "text_characters"
    assert check_field(field("date"), "2026-02-28", TODAY) == "2026-02-28"
    assert fault_of(field("date"), "2026-02-30") == "date_shape"
    assert fault_of(field("date"), "20260228") == "date_shape"
    assert check_field(field("money"), 12_850, TODAY) == 12_850
    assert fault_of(field("money"), 0) == "money_range"
    assert fault_of(field("money"), 10**9) == "money_range"
    assert fault_of(field("money"), 1.5) == "wrong_kind"
    assert fault_of(field("money"), True) == "wrong_kind"


UPLOAD, OTHER_UPLOAD = "01a20000-0000-7000-8000-000000000001", "01a20000-0000-7000-8000-000000000002"


def test_photos_are_named_by_their_upload_ids() -> None:
    assert check_field(field("photo"), [UPLOAD, OTHER_UPLOAD], TODAY) == [UPLOAD, OTHER_UPLOAD]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (UPLOAD, "wrong_kind"),
        ([7], "wrong_kind"),
        ({"0": UPLOAD}, "wrong_kind"),
        ([UPLOAD, UPLOAD], "photo_count"),
        ([f"{UPLOAD[:-2]}{n}" for n in range(10, 23)], "photo_count"),
        (["../etc/passwd"], "photo_unknown"),
        (["short"], "photo_unknown"),
        ([UPLOAD, ""], "photo_unknown"),
    ],
)
def test_what_is_no_list_of_uploads_is_refused(given: Any, code: str) -> None:
    assert fault_of(field("photo"), given) == code


def test_a_secret_is_kept_apart_and_told_to_nobody_before_the_end() -> None:
    kept = check_field(field("secret"), "135790", TODAY)

    assert told_value(kept) is True
    assert said_secret(kept) == "135790"
    assert said_secret(None) is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (135790, "wrong_kind"),
        ("13579", "secret_length"),
        ("1" * 65, "secret_length"),
        ("1357 90", "secret_characters"),
        ("１３５７９０", "secret_characters"),
        ("135790\n", "secret_characters"),
    ],
)
def test_what_cannot_be_a_secret_is_refused(given: Any, code: str) -> None:
    assert fault_of(field("secret"), given) == code


STEP = Step(
    "who",
    "谁",
    (field("name"), field("phone", required=False), field("choice", value="mother", options=(Option("mother", "母亲"),))),
)


def test_all_faults_of_a_step_are_told_at_once() -> None:
    with pytest.raises(InvalidAnswers) as raised:
        check_step(STEP, {"name": "9", "phone": "1"}, {}, TODAY)

    told = {name: fault.code for name, fault in raised.value.extra["fields"].items()}
    assert told == {"name": "name_length", "phone": "phone_shape"}


@pytest.mark.parametrize("given", [{}, {"name": None}, {"name": ""}, {"name": " \u3000"}])
def test_a_required_field_left_out_is_named(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidAnswers) as raised:
        check_step(STEP, given, {}, TODAY)

    assert raised.value.extra["fields"]["name"].code == "required"


@pytest.mark.parametrize(
    ("kind", "given", "code", "word"), [("photo", [], "required", "照片"), ("money", "8.005", "wrong_kind", "小数")]
)
def test_what_is_wrong_is_said_as_it_fits_the_kind_of_question(kind: str, given: Any, code: str, word: str) -> None:
    with pytest.raises(InvalidAnswers) as raised:
        check_step(Step("terms", "约定", (field(kind),)), {kind: given}, {}, TODAY)

    told = raised.value.extra["fields"][kind]
    assert told.code == code
    assert word in told.text + told.remedy


def test_a_field_that_came_with_a_value_may_be_left_out_or_sent_back_as_shown() -> None:
    assert check_step(STEP, {"name": "王芳"}, {}, TODAY) == {"name": "王芳", "choice": "mother"}
    assert check_step(STEP, {"name": "王芳", "choice": "mother"}, {}, TODAY) == {"name": "王芳", "choice": "mother"}


def test_a_masked_value_that_comes_back_is_no_new_answer() -> None:
    """A phone draws what it was sent and may send it back as it is."""
    step = Step("details", "核对", (field("phone", value="138****1234"),))

    assert check_step(step, {"phone": "138****1234"}, {}, TODAY) == {}


def test_a_field_left_out_keeps_its_earlier_answer() -> None:
    assert check_step(STEP, {"phone": "13800001234"}, {"name": "王芳"}, TODAY)["name"] == "王芳"


@pytest.mark.parametrize("emptied", [None, "", " "])
def test_an_answer_that_may_be_missing_is_taken_back_by_sending_it_empty(emptied: Any) -> None:
    """A limit that somebody cleared must not hold on unseen."""
    earlier = {"name": "王芳", "phone": {"number": "13800001234", "verified": False}}

    assert check_step(STEP, {"phone": emptied}, earlier, TODAY) == {"name": "王芳", "phone": None, "choice": "mother"}
    assert check_step(STEP, {}, earlier, TODAY) == {**earlier, "choice": "mother"}


def test_a_required_answer_cannot_be_taken_back() -> None:
    assert check_step(STEP, {"name": ""}, {"name": "王芳"}, TODAY) == {"name": "王芳", "choice": "mother"}


def test_no_photos_are_none_at_all() -> None:
    step = Step("papers", "材料", (field("photo"),))

    with pytest.raises(InvalidAnswers) as raised:
        check_step(step, {"photo": []}, {}, TODAY)
    assert raised.value.extra["fields"]["photo"].code == "required"


def test_an_answer_that_nobody_asked_for_is_named_but_not_repeated() -> None:
    with pytest.raises(UnknownField) as raised:
        check_step(STEP, {"name": "王芳", "shoe_size": "42", "371399198503020011": "x"}, {}, TODAY)

    assert set(raised.value.extra["fields"]) == {"shoe_size", "?"}


def test_a_missing_consent_is_called_what_it_is() -> None:
    step = Step("pledge", "承诺书", (field("consent", text_hash="f" * 64), field("summary")))

    with pytest.raises(InvalidAnswers) as raised:
        check_step(step, {}, {}, TODAY)

    assert raised.value.extra["fields"]["consent"].code == "consent_missing"
    assert raised.value.extra["fields"]["summary"].code == "confirm_missing"


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("王芳", "王芳"),
        ({"number": "138", "verified": True}, "138"),
        ({"check_id": "c1", "print": "p"}, "c1"),
        ({"summed_up": "h"}, True),
        (["a"], ["a"]),
    ],
)
def test_what_is_kept_beside_an_answer_is_not_told(kept: Any, told: Any) -> None:
    assert told_value(kept) == told


def test_a_number_is_judged_as_that_of_the_certificate_beside_it() -> None:
    """XA-16, standards §2.5."""
    kinds = tuple(Option(code, code) for code in ("01", "04"))
    step = Step(
        "who", "家人", (Field("id_number", "id_number", "号码"), Field("cert_type", "choice", "证件", options=kinds, value="01"))
    )

    kept = check_step(step, {"id_number": "h12345678", "cert_type": "04"}, {}, TODAY)
    assert kept == {"id_number": "H12345678", "cert_type": "04"}
    assert check_step(step, {"id_number": "H87654321"}, kept, TODAY)["id_number"] == "H87654321"
    for said in (
        {"id_number": "H12345678"},
        {"id_number": "12345678", "cert_type": "04"},
        {"id_number": "Ｈ１", "cert_type": "04"},
    ):
        with pytest.raises(InvalidAnswers):
            check_step(step, said, {}, TODAY)


def test_a_box_that_need_not_be_ticked_may_be_left_empty() -> None:
    free = Step("how", "怎样核验", (field("confirm", required=False),))
    asked = Step("how", "怎样核验", (field("confirm"),))

    assert check_step(free, {"confirm": False}, {}, TODAY) == {"confirm": None}
    assert check_step(free, {"confirm": True}, {}, TODAY) == {"confirm": True}
    with pytest.raises(InvalidAnswers):
        check_step(asked, {"confirm": False}, {}, TODAY)


def test_a_look_is_named_by_its_check_and_may_bring_the_platforms_own_word() -> None:
    assert check_field(field("real_person"), " c1 ", TODAY) == LookTaken("c1")
    assert check_field(field("real_person"), {"check_id": "c1", "brought": "a1"}, TODAY) == LookTaken("c1", "a1")


@pytest.mark.parametrize(
    "said", [{}, {"brought": "a"}, {"check_id": 1}, {"check_id": "c", "x": "y"}, {"check_id": "c", "brought": ""}, "c" * 257, 7]
)
def test_what_names_no_look_is_refused(said: Any) -> None:
    assert fault_of(field("real_person"), said) == "wrong_kind"
