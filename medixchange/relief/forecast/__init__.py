"""What a facility needs: computed from its caseload by the rates of WHO's forecasting tool.

The rates are those of the WHO COVID-19 Essential Supplies Forecasting Tool (ESFT), version 2022.1,
as the R package ``esft`` (MIT licence) publishes them. The calculation is our own; each line tells
how it came about.
"""

from medixchange.relief.forecast.need import Forecast, NeedLine, Options, forecast
from medixchange.relief.forecast.rates import Driver, ItemRate, Rates, read_rates
from medixchange.relief.forecast.staffing import Caseload, Staff, staff_for

__all__ = [
    "Caseload",
    "Driver",
    "Forecast",
    "ItemRate",
    "NeedLine",
    "Options",
    "Rates",
    "Staff",
    "forecast",
    "read_rates",
    "staff_for",
]
