"""Sums that the database's triggers keep, and rows that it lets nobody change (see ``guards.py``)."""

from django.db import migrations

from medixchange.relief import guards


class Migration(migrations.Migration):
    # FlowTotal and the indexes are in 0001, which was made anew while nothing was released.
    dependencies = [("relief", "0001_initial")]
    operations = [migrations.RunPython(guards.install)]
