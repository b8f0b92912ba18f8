"""Takes out of what a reader wrote what tells who somebody is: e-mail and web addresses, phone and other long numbers.

Form is all a machine can go by: names, and numbers in words, stay. In doubt a number goes, for a number that is lost can be
asked for by nobody, but a phone number that is kept can harm its owner.
"""

import re
import unicodedata

REMOVED = "[removed]"
MIN_DIGITS = 7
"""A number with so many digits is a phone number, or one of a card, a patient or an insured person."""

MIN_DIGITS_AFTER_LETTERS = 10
"""Short ones that letters begin are names of studies (NCT01234567) and works (PMC123456)."""

MAX_DIGITS_OF_VALUES = 12

# What turns the direction of writing or is not seen: it can make a text read otherwise than it is stored.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n\s*\n")

_AT = r"(?:[@\uff20]|[ ][@\uff20][ ]|[ ]?[\[({]\s?at\s?[\])}][ ]?)"
_DOT = r"(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?)"
_HOST = r"(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|edu|gov|info|uk|us|eu|ie|au|ca|nz|in|de|fr|it|es|nl|io|me|co|ly|app)(?![\w-])"
_MAIL = re.compile(
    rf"[\w.+'%-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,6}}|[\w.+'%-]{{1,64}} at [\w-]{{1,63}} dot [\w-]{{1,63}}"
    rf"|[\w.+'%-]{{1,64}}(?:[ ]?[@\uff20][ ]?|[ ](?:at|\(a\))[ ]){_HOST}",  # jane@ example.com, jane at example.com
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?<![\w@\[])@\w[\w.]{0,62}\w")
_WEB = re.compile(
    rf"(?:(?:https?://|www\.)[^\s<>\"]{{0,2000}}|(?<![\w.-]){_HOST}/[^\s<>\"]{{0,2000}})[^\s<>\".,;:!?)\]]", re.IGNORECASE
)
_PERSON = re.compile(  # of an insured person, as in QQ 12 34 56 C; of a patient or a passport, as in H1234567
    r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b|\b[A-Z]-?\d{6,12}\b", re.IGNORECASE
)

_GAP = r"[ \t\u00a0\u2007\u2009\u202f().\-/\u2010-\u2015\u2212\uff0d]"
_NUMBER = re.compile(
    rf"""
    (?P<known>
        \b(?:19|20)\d\d([-./])\d{{1,2}}\2\d{{1,2}}(?![-./]?\d)       # 2016-03-12
      | \b\d{{1,2}}([-./])\d{{1,2}}\3(?:\d{{4}}|\d\d)(?![-./]?\d)    # 12/03/2016
      | \b[1-9]\d{{1,2}}/[1-9]\d{{1,2}}(?![-./]?\d)                  # a blood pressure: 120/80
      | \b10\.\d{{4,9}}/[^\s<>"]{{1,200}}                            # a DOI
      | \bPMID:?\s{{0,3}}\d{{1,9}}\b
    )
    | (?<!\d)[+\uff0b]?\(?\d(?:{_GAP}{{0,3}}\d){{{MIN_DIGITS - 1},}}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_VALUE = re.compile(r"[1-9]\d{0,3}0|(?:19|20)\d\d|\d{1,3}\.\d{1,2}")
_BETWEEN_VALUES = re.compile(r"[ \t\u00a0\u2009\u202f/\u2010-\u2015\u2212-]+")


def remove_personal_details(text: str) -> str:
    """Give the text with ``[removed]`` for each such detail, and without what cannot be seen."""
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = _UNSEEN.sub("", text)
    text = "".join(letter if unicodedata.category(letter) not in {"Cc", "Cs"} or letter == "\n" else " " for letter in text)
    for detail in (_MAIL, _ACCOUNT, _WEB, _PERSON):
        text = detail.sub(REMOVED, text)
    text = _NUMBER.sub(_number, text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def _number(found: re.Match[str]) -> str:
    """Give a number that may stay as it is, and ``[removed]`` for another."""
    number = found[0]
    if found["known"] or _is_value(number):
        return number
    before = found.string[: found.start()][-1:]
    if before.isalpha() and sum(letter.isdigit() for letter in number) < MIN_DIGITS_AFTER_LETTERS:
        return number
    return REMOVED


def _is_value(number: str) -> bool:
    """Whether it is a round or very small number, or several amounts or years in a row (``500 1000 1500``, ``2010-2016``)."""
    digits = "".join(letter for letter in number if letter.isdigit())
    if number[0] in "+\uff0b" or len(digits) > MAX_DIGITS_OF_VALUES:
        return False
    if number.startswith("0."):
        return "." not in number[2:] and number[2:].isdigit()
    if digits[0] != "0" and len(digits.rstrip("0")) <= 2:
        return True
    return all(_VALUE.fullmatch(part) for part in _BETWEEN_VALUES.split(number))
