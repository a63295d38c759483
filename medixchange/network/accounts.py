"""How django-allauth is fitted to our members."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import translation

from medixchange.network.models import Member


class AccountAdapter(DefaultAccountAdapter):
    """Writes to members in their own language, and leaves the audit trail to our actions."""

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        member = context.get("user") or Member.objects.filter(email__iexact=email).first()
        language = member.interface_language if member else translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, context)
