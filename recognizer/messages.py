"""Sentences that are stored by key and values, and said in the language of whoever reads them.

`gettext` and `ngettext` are used like Django's. What they return reads in the present language, and a `MessageField`
stores it as `recognizer.core.messages.stored` does. What is read back is in the language that is active then; a plain
sentence, such as older versions stored, stays as it is.
"""

from typing import Any

from django.db import migrations, models
from django.utils import translation
from django.utils.functional import Promise

from recognizer.core.messages import Message, read, stored


def gettext(key: str | Promise) -> Message:
    """A message in the active language, from its English or from a lazy translation; values follow with `%`."""
    if isinstance(key, Promise):
        with translation.override(None):
            key = str(key)
    return Message(translation.gettext(key), key)


def ngettext(one: str, many: str, number: int) -> Message:
    """A message in the form that the number asks for."""
    return Message(translation.ngettext(one, many, number), one, plural=many, number=number)


def said(message: Message) -> Message:
    """The message in the active language."""
    plain = ngettext(message.key, message.plural, message.number) if message.plural else gettext(message.key)
    return plain % message.values if message.values else plain


class MessageField(models.TextField):  # type: ignore[type-arg]  # no generic at run time
    """A column of messages and plain sentences; what is read from it is in the active language."""

    def get_prep_value(self, value: Any) -> Any:
        """Store a message by key and values."""
        return stored(value) if isinstance(value, str) else super().get_prep_value(value)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Say what is stored in the language that is active now."""
        return None if value is None else read(value)


def plain_again(app: str, *columns: str) -> migrations.RunPython:
    """The last operation of a migration that made these columns, such as `run.error`, ones of messages.

    On the way back it writes plain English into them, which is what older code expects there.
    """

    def say(apps: Any, _editor: Any) -> None:
        for column in columns:
            model, _dot, name = column.partition(".")
            rows = apps.get_model(app, model)._default_manager
            longest = rows.model._meta.get_field(name).max_length
            for key, text in rows.exclude(**{name: ""}).values_list("pk", name):
                if isinstance(text, Message):
                    rows.filter(pk=key).update(**{name: "".join(text)[:longest]})

    return migrations.RunPython(migrations.RunPython.noop, say)
