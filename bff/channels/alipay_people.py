"""Accounts, certificates and relatives, in Alipay's words and in ours."""

from __future__ import annotations

from collections.abc import Mapping

from bff.channels.base import ChannelUser, NamedPerson

# What `identity_param` calls the certificates of psn_cert_type.
_CHECKED_AS: Mapping[str, str] = {
    "01": "IDENTITY_CARD",
    "04": "HOME_VISIT_PERMIT_HK_MC",
    "05": "HOME_VISIT_PERMIT_HK_MC",
    "06": "HOME_VISIT_PERMIT_TAIWAN",
    "07": "PERMANENT_RESIDENCE_FOREIGNER",
}
# A residence permit's number says whose it is: 81 and 82 are Hong Kong and Macao, 83 is Taiwan.
_RESIDENCE_PERMIT = "17"
_RESIDENT_OF: Mapping[str, str] = {
    "81": "RESIDENCE_PERMIT_HK_MC",
    "82": "RESIDENCE_PERMIT_HK_MC",
    "83": "RESIDENCE_PERMIT_TAIWAN",
}
# The 医保 methods number certificates in a way of Alipay's own.
_NUMBERED: Mapping[str, str] = {
    "IDENTITY_CARD": "01",
    "HOME_VISIT_PERMIT_HK_MC": "08",
    "HOME_VISIT_PERMIT_TAIWAN": "19",
    "RESIDENCE_PERMIT_HK_MC": "20",
    "RESIDENCE_PERMIT_TAIWAN": "21",
    "PERMANENT_RESIDENCE_FOREIGNER": "22",
}
_NATIONAL: Mapping[str, str] = {"01": "01", "08": "04", "19": "06", "20": "17", "21": "17", "22": "07"}
_OTHER_CERTIFICATE = "99"
_RELATIONS: Mapping[str, str] = {"06": "parent", "07": "child", "08": "spouse"}


def account_of(user: ChannelUser) -> dict[str, str]:
    """Which account is meant; Alipay knows it by either id, but not by the union's."""
    known = ({subject.kind: subject.subject} for subject in user.subjects if subject.kind != "union_id")
    return next(known, {})


def is_checked(cert_type: str) -> bool:
    """Whether Alipay checks such certificates at all; of a permit the number decides in the end."""
    return cert_type in _CHECKED_AS or cert_type == _RESIDENCE_PERMIT


def checked_as(person: NamedPerson) -> str | None:
    """The kind of certificate that a check asks for, or `None` where Alipay checks nobody by it."""
    if person.cert_type == _RESIDENCE_PERMIT:
        return _RESIDENT_OF.get(person.id_number[:2])
    return _CHECKED_AS.get(person.cert_type)


def numbered_certificate(person: NamedPerson) -> str | None:
    """The same for the 医保 methods."""
    return _NUMBERED.get(checked_as(person) or "")


def national_certificate(numbered: object, number: str) -> str:
    """The national code for what the 医保 methods tell; Macao's permits begin with M and have a code of their own."""
    code = _NATIONAL.get(str(numbered), _OTHER_CERTIFICATE)
    return "05" if code == "04" and number.upper().startswith("M") else code


def relation_of(told: object) -> str:
    """A relative in our words; Alipay tells four kinds apart, and names neither sex nor side."""
    return _RELATIONS.get(str(told), "other")
