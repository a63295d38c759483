"""MediXchange: clinical knowledge and relief goods, exchanged across languages and borders."""

__version__ = "0.1.0"
