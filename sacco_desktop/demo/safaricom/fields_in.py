"""The fields of the interfaces for money that comes in, each with its rule as a pattern."""

from __future__ import annotations

# In place of a pattern: the field is an address for callbacks.
ADDRESS = "address"
_ANYTHING = r"(?s).*\S.*"
_SHORTCODE = r"[0-9]{5,9}"
_PHONE = r"254[17][0-9]{8}"
_WHOLE = r"[1-9][0-9]{0,9}(\.0+)?"
_STAMP = r"20[0-9]{12}"
_DAY_AND_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"

_CALLER = (
    ("BusinessShortCode", True, _SHORTCODE),
    ("Password", True, _ANYTHING),
    ("Timestamp", True, _STAMP),
)
_URLS = (
    ("ShortCode", True, _SHORTCODE),
    ("ResponseType", True, r"Completed|Cancelled"),
    ("ConfirmationURL", True, ADDRESS),
    ("ValidationURL", False, ADDRESS),
)

# By product: name, whether it has to be there, and its rule.
FIELDS_IN: dict[str, tuple[tuple[str, bool, str], ...]] = {
    "stk/v1": (
        *_CALLER,
        ("TransactionType", True, r"CustomerPayBillOnline|CustomerBuyGoodsOnline"),
        ("Amount", True, _WHOLE),
        ("PartyA", True, _PHONE),
        ("PartyB", True, _SHORTCODE),
        ("PhoneNumber", True, _PHONE),
        ("CallBackURL", True, ADDRESS),
        ("AccountReference", True, r".{1,12}"),
        ("TransactionDesc", True, r".{1,13}"),
    ),
    "stkquery/v1": (*_CALLER, ("CheckoutRequestID", True, r".{1,100}")),
    "c2b/v1": _URLS,
    "c2b/v2": _URLS,
    "pull/register": (
        ("ShortCode", True, _SHORTCODE),
        ("RequestType", True, r"Pull"),
        ("NominatedNumber", True, r"(254|0)[17][0-9]{8}"),
        ("CallBackURL", True, ADDRESS),
    ),
    "pull/list": (
        ("ShortCode", True, _SHORTCODE),
        ("StartDate", True, _DAY_AND_TIME),
        ("EndDate", True, _DAY_AND_TIME),
        ("OffSetValue", True, r"[0-9]{1,9}"),
    ),
    "reversal": (
        ("Initiator", True, _ANYTHING),
        ("SecurityCredential", True, _ANYTHING),
        ("CommandID", True, r"TransactionReversal"),
        ("TransactionID", True, r"[A-Z0-9]{8,20}"),
        ("Amount", True, r"[1-9][0-9]{0,9}"),
        ("ReceiverParty", True, _SHORTCODE),
        ("RecieverIdentifierType", True, r"11"),
        ("Remarks", True, r".{2,100}"),
        ("QueueTimeOutURL", True, ADDRESS),
        ("ResultURL", True, ADDRESS),
    ),
}
