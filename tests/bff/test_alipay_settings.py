"""What an operator says about Alipay: key mode or certificate mode, and a contract for vouchers only where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bff.settings import read_settings
from groundwork.environment import BadSettings
from tests.bff.environment import variables

CERTIFICATES = ("ALIPAY_APP_CERT_FILE", "ALIPAY_CERT_FILE", "ALIPAY_ROOT_CERT_FILE")
CONTRACT = {
    "ALIPAY_MEDICAL": "on",
    "ALIPAY_MEDICAL_ORG_CODE": "org",
    "ALIPAY_MEDICAL_ORG_APP_ID": "app",
    "ALIPAY_MEDICAL_CHANNEL_CODE": "canary-channel",
    "ALIPAY_MEDICAL_INS_CODE": "371300",
    "ALIPAY_MEDICAL_CALL_URL": "https://example.org/back",
}


def certified(folder: Path, **changes: str) -> dict[str, str]:
    """Variables of certificate mode."""
    told = variables(folder, ALIPAY_PUBLIC_KEY_FILE="")
    return {**told, **dict.fromkeys(CERTIFICATES, told["ALIPAY_APP_PRIVATE_KEY_FILE"]), **changes}


def faults(told: dict[str, str]) -> str:
    """What the start is refused with."""
    with pytest.raises(BadSettings) as raised:
        read_settings(told)
    return str(raised.value)


def test_a_public_key_means_key_mode(tmp_path: Path) -> None:
    alipay = read_settings(variables(tmp_path)).alipay

    assert alipay.alipay_public_key_file is not None
    assert alipay.certificate_files is None


def test_three_files_mean_certificate_mode(tmp_path: Path) -> None:
    alipay = read_settings(certified(tmp_path)).alipay

    assert alipay.alipay_public_key_file is None
    assert alipay.certificate_files is not None


@pytest.mark.parametrize("missing", CERTIFICATES)
def test_a_file_that_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    assert f"{missing} must be set too" in faults(certified(tmp_path, **{missing: ""}))


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    assert f"{name}: must name a file" in faults(certified(tmp_path, **{name: str(tmp_path / "gone.pem")}))


def test_both_modes_at_once_are_refused_and_so_is_neither(tmp_path: Path) -> None:
    both = certified(tmp_path, ALIPAY_PUBLIC_KEY_FILE=variables(tmp_path)["ALIPAY_PUBLIC_KEY_FILE"])

    for told in (both, variables(tmp_path, ALIPAY_PUBLIC_KEY_FILE="")):
        assert "not both" in faults(told)


def test_vouchers_are_not_activated_here_unless_somebody_says_so(tmp_path: Path) -> None:
    assert read_settings(variables(tmp_path)).alipay.medical is None
    assert read_settings(variables(tmp_path, **{**CONTRACT, "ALIPAY_MEDICAL": "off"})).alipay.medical is None


def test_a_contract_is_read_whole_and_its_code_is_not_printed(tmp_path: Path) -> None:
    settings = read_settings(variables(tmp_path, **CONTRACT))

    assert settings.alipay.medical is not None
    assert settings.alipay.medical.org_code == "org"
    assert "canary-channel" not in repr(settings)


@pytest.mark.parametrize("missing", [name for name in CONTRACT if name != "ALIPAY_MEDICAL"])
def test_half_a_contract_is_refused(tmp_path: Path, missing: str) -> None:
    assert f"{missing} is missing" in faults(variables(tmp_path, **{**CONTRACT, missing: ""}))
