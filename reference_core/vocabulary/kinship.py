"""Words for what a member is to the payer, and the GB/T 4761-2008 codes that the core keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kinship:
    """One relative: our stable word, the standard's code, the sex it implies (if any) and what people call it."""

    word: str
    code: str
    sex: str | None
    label: str


_KINSHIPS = (
    Kinship("self", "01", None, "本人"),
    Kinship("spouse", "10", None, "配偶"),
    Kinship("father", "51", "male", "父亲"),
    Kinship("mother", "52", "female", "母亲"),
    Kinship("son", "20", "male", "儿子"),
    Kinship("daughter", "30", "female", "女儿"),
    Kinship("older_brother", "71", "male", "哥哥"),
    Kinship("younger_brother", "73", "male", "弟弟"),
    Kinship("older_sister", "75", "female", "姐姐"),
    Kinship("younger_sister", "77", "female", "妹妹"),
    Kinship("grandfather", "61", "male", "祖父"),
    Kinship("grandmother", "62", "female", "祖母"),
    Kinship("maternal_grandfather", "63", "male", "外祖父"),
    Kinship("maternal_grandmother", "64", "female", "外祖母"),
    Kinship("grandson", "41", "male", "孙子"),
    Kinship("granddaughter", "42", "female", "孙女"),
    Kinship("daughters_son", "43", "male", "外孙"),
    Kinship("daughters_daughter", "44", "female", "外孙女"),
)
_BY_WORD = {kinship.word: kinship for kinship in _KINSHIPS}
_BY_CODE = {kinship.code: kinship for kinship in _KINSHIPS}

# A city that groups asks for one of these and leaves the rest to the member's sex.
_GROUPS = {"parent": ("father", "mother"), "child": ("son", "daughter")}
_GROUP_LABELS = {"parent": "父母", "child": "子女"}

SINGLE_WORDS = tuple(word for word in _BY_WORD if word != "self")
OFFERED_WORDS = SINGLE_WORDS + tuple(_GROUPS)


def label_of(word: str) -> str:
    """What people call this relative, or the group of them."""
    return _GROUP_LABELS[word] if word in _GROUPS else _BY_WORD[word].label


def word_of(code: str) -> str:
    """The word for a kept code; raises `KeyError` for a code that we never write."""
    return _BY_CODE[code].word


def code_of(word: str) -> str:
    """The code to keep for a single (not grouped) word."""
    return _BY_WORD[word].code


def members_of(word: str) -> frozenset[str]:
    """The single words that an offered word stands for: itself, or those of its group."""
    return frozenset(_GROUPS.get(word, (word,)))


def resolve(word: str, sex: str) -> str | None:
    """The single word that `word` means for a member of this sex; `None` where the two contradict each other."""
    fitting = (single for single in _GROUPS.get(word, (word,)) if _BY_WORD[single].sex in (None, sex))
    return next(fitting, None)


def is_word(word: str) -> bool:
    """Whether a city could offer this word at all."""
    return word in OFFERED_WORDS
