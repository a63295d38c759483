"""The kinds of files we read and write: their columns, headings and HXL hashtags."""

from django.utils.translation import gettext_lazy

from medixchange.relief.interchange.fields import Field, Kind
from medixchange.relief.interchange.templates import Template

#: What facilities ask for; ``medixchange relief allocate`` reads the same columns.
NEEDS = Template(
    "needs",
    gettext_lazy("needs"),
    (
        Field("facility", "#loc+facility+name", headings=("hospital", "place", "ward")),
        Field("item", "#item+name", headings=("goods", "commodity", "item name", "item code")),
        Field(
            "need",
            "#affected+needed",
            Kind.QUANTITY,
            headings=("needed", "quantity needed", "quantity", "qty"),
        ),
        Field("floor", "#capacity+min", Kind.QUANTITY, required=False, zero=True),
        Field("cap", "#capacity+max", Kind.QUANTITY, required=False, zero=True),
        Field("priority", "#severity", required=False),
        Field("population", "#population", Kind.QUANTITY, required=False, zero=True),
        Field("by_when", "#date+due", Kind.DATE, required=False, headings=("needed by",)),
    ),
)
#: What there is to give.
SUPPLY = Template(
    "supply",
    gettext_lazy("supply"),
    (
        Field("item", "#item+name", headings=("goods", "commodity", "item name", "item code")),
        Field("quantity", "#value+quantity", Kind.QUANTITY, headings=("qty", "amount")),
        Field("pack", "#item+pack", Kind.QUANTITY, required=False),
        Field("available_on", "#date+available", Kind.DATE, required=False),
        Field("reserve", "#value+reserve", Kind.QUANTITY, required=False, zero=True),
    ),
)
#: Places that goods go to.
FACILITIES = Template(
    "facilities",
    gettext_lazy("facilities"),
    (
        Field("name", "#loc+facility+name", headings=("facility", "facility name", "hospital")),
        Field("country", "#country+code", Kind.COUNTRY, headings=("iso2", "iso3")),
        Field(
            "region",
            "#adm1+name",
            required=False,
            headings=("province", "admin1", "state", "district"),
        ),
        Field("lat", "#geo+lat", required=False, must_exist=True, headings=("latitude",)),
        Field(
            "lon",
            "#geo+lon",
            required=False,
            must_exist=True,
            headings=("longitude", "long", "lng"),
        ),
    ),
)
#: Donations as donors publish them: read loosely here, and thoroughly by ``donations``.
DONATIONS = Template(
    "donations",
    gettext_lazy("donations"),
    (
        Field(
            "country",
            "#country+name",
            headings=("countries", "destination", "recipient country", "destination country"),
        ),
        Field("goods", "#item+name", headings=("item", "items", "commodity", "supplies")),
        Field(
            "qty",
            "#value+quantity",
            required=False,
            must_exist=True,
            headings=("quantity", "amount", "number"),
        ),
        Field(
            "progress",
            "#status+name",
            required=False,
            headings=("status", "state", "stage"),
        ),
        Field(
            "recipient",
            "#org+recipient",
            required=False,
            headings=("recepient", "recipients", "consignee", "beneficiary", "receiver"),
        ),
    ),
)
#: All of them, so that a file of another kind is named.
EVERY = (NEEDS, SUPPLY, FACILITIES, DONATIONS)
