"""Pledges as activities of the IATI Standard 2.03 (https://iatistandard.org).

What is promised here is goods. IATI's transactions and budgets are sums of money, and a sum that
nobody published would be made up; so no activity has a transaction or a budget. What IATI has for
quantities is a result with indicators: for each item of a pledge one result, with what was shipped,
arrived and received as its indicators, the promise as their target and the ledger's figure as their
actual value. ``default-finance-type`` 110 says that it is a grant, in cash or in kind.

Where several countries share a pledge, IATI wants the percentage of each. Percentages of money do
not exist here, and those of goods were not published; so countries stand without one, which the
schema allows and IATI's rules do not. The parts that are known are targets of their own.

Examples are no activities, and are left out.
"""

from medixchange.relief.iati.activities import activities
from medixchange.relief.iati.reporting import NotConfigured, Reporter, reporter

__all__ = ["NotConfigured", "Reporter", "activities", "reporter"]
