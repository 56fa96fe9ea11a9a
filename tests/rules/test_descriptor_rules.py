"""Statement descriptors."""

import pytest

from emulator.kernel.errors import Refusal
from emulator.rules import descriptors


@pytest.mark.parametrize(
    ("descriptor", "prefix", "suffix", "shown"),
    [
        ("MARKET.EXAMPLE", "MARKT.COM", "alice01fc4f126", "MARKT.COM* ALICE01FC4F"),
        ("MARKET.EXAMPLE", "MARKT.COM", "Seller US", "MARKT.COM* SELLER US"),
        ("MARKET.EXAMPLE", "MARKT.COM", "Martin Cooperr", "MARKT.COM* MARTIN COOP"),
        ("GARDENS.COM", None, "07d6855a2", "GARDENS.CO* 07D6855A2"),
        ("Pay rails", None, None, "PAY RAILS"),
        ("a name far longer than fits here", None, None, "A NAME FAR LONGER THAN"),
        ("shop", "abcdefghij", "12345678 0", "ABCDEFGHIJ* 12345678 0"),
        ("shop", "abcdefghij", "123456789 0", "ABCDEFGHIJ* 123456789"),
    ],
)
def test_composition(descriptor, prefix, suffix, shown):
    assert descriptors.calculated(descriptor, prefix, suffix=suffix) == shown


def test_a_suffix_goes_before_a_whole_descriptor():
    given = "Club 1410"
    assert descriptors.calculated("CLUB", given=given) == "CLUB 1410"
    assert descriptors.calculated("CLUB", given=given, suffix=given) == "CLUB* CLUB 1410"


@pytest.mark.parametrize(
    ("descriptor", "prefix"),
    [("TRY MORE, LLC", "TRY MORE,"), ("Helen Bartonsk", "HELEN BART"), ("SHORT", "SHORT")],
)
def test_a_descriptor_shortens_to_its_prefix(descriptor, prefix):
    assert descriptors.shortened(descriptor) == prefix


@pytest.mark.parametrize("text", ["ABCDE", "A" * 22, "shop.example/c", "1234A"])
def test_a_descriptor_has_5_to_22_characters_and_a_letter(text):
    descriptors.check(text)


@pytest.mark.parametrize("text", ["ABCD", "A" * 23, "12345", *(f"SHOP{c}1" for c in "<>\\'\"*")])
def test_other_descriptors_are_refused(text):
    with pytest.raises(Refusal) as caught:
        descriptors.check(text)
    assert caught.value.param == "statement_descriptor"


def test_the_text_for_one_too_long():
    with pytest.raises(Refusal) as caught:
        descriptors.check("A" * 30, "settings[payments][statement_descriptor]")
    assert caught.value.message == (
        f"The statement descriptor must be at most 22 characters. {'A' * 30} is 30 characters long."
    )
    assert caught.value.param == "settings[payments][statement_descriptor]"


@pytest.mark.parametrize(
    ("text", "fine"), [("1", True), ("A" * 22, True), ("A" * 23, False), ("*", False)]
)
def test_a_suffix_has_22_characters_at_most_and_no_special_ones(text, fine):
    if fine:
        descriptors.check_suffix(text)
        return
    with pytest.raises(Refusal) as caught:
        descriptors.check_suffix(text)
    assert caught.value.param == "statement_descriptor_suffix"
