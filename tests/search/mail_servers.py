"""Mail servers that do not do as they should, as backends of Django."""

import os
import smtplib

from django.core.mail.backends.filebased import EmailBackend as Files
from django.core.mail.backends.locmem import EmailBackend as Memory


class Refusing(Memory):
    """It says no to every mail."""

    def send_messages(self, messages):
        raise smtplib.SMTPDataError(451, b"try again later")


class Breaking(Memory):
    """It takes the mail, and the line breaks before it can say so."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise smtplib.SMTPServerDisconnected("gone")


class Unreachable(Memory):
    """Nobody answers."""

    def open(self):
        raise ConnectionRefusedError


class Ending(Files):
    """It takes the mail, and at that moment the program that gave it ends."""

    def send_messages(self, messages):
        super().send_messages(messages)
        os._exit(9)
