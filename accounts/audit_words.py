"""Entries of the audit log in words: what was done, from the name of the address that was sent to."""

from django.apps import apps
from django.utils.translation import gettext_lazy

from accounts.audit import LOCK_OUT, LOG_IN, LOG_OUT

WORDS = {
    LOG_IN: gettext_lazy("signed in"),
    LOG_OUT: gettext_lazy("signed out"),
    LOCK_OUT: gettext_lazy("was locked out of log-in"),
    "recognizer:put_in_service": gettext_lazy("put a model in service"),
    "recognizer:roll_back": gettext_lazy("rolled back the model in service"),
    "recognizer:delete_drawings": gettext_lazy("deleted donated drawings"),
    "api:delete": gettext_lazy("deleted donated drawings"),
    "account:join_code": gettext_lazy("joined by a code"),
    "account:codes": gettext_lazy("made a join code"),
    "account:close_code": gettext_lazy("closed a join code"),
    "account:password": gettext_lazy("changed the password"),
    "account:second_factor": gettext_lazy("changed the second factor"),
    "account:new_token": gettext_lazy("made a token"),
    "account:revoke_token": gettext_lazy("revoked a token"),
    "account:end_others": gettext_lazy("signed out everywhere else"),
    "account:end_session": gettext_lazy("signed out in another browser"),
    "runs:new": gettext_lazy("started a run"),
    "sweeps:new": gettext_lazy("started a sweep"),
    "runs:act": gettext_lazy("controlled a run"),
    "sweeps:pause": gettext_lazy("paused a sweep"),
    "sweeps:resume": gettext_lazy("resumed a sweep"),
    "sweeps:stop": gettext_lazy("stopped a sweep"),
    "sweeps:cancel": gettext_lazy("cancelled a sweep"),
    "sweeps:extend": gettext_lazy("extended a sweep"),
    "devices:add": gettext_lazy("added a device"),
    "devices:sheet": gettext_lazy("changed a device's sheet"),
    "devices:revoke": gettext_lazy("revoked a device's token"),
}
OF_ADMIN = {
    "add": gettext_lazy("added: %s"),
    "change": gettext_lazy("changed: %s"),
    "delete": gettext_lazy("deleted: %s"),
    "changelist": gettext_lazy("used an action on: %s"),
}


def in_words(what: str) -> str:
    """What was done; the name of the address itself where there are no words for it."""
    if words := WORDS.get(what):
        return str(words)
    app, _underscore, rest = what.removeprefix("admin:").partition("_")
    model, _underscore, action = rest.partition("_")
    if what.startswith("admin:") and action in OF_ADMIN:
        try:
            return f"{OF_ADMIN[action] % apps.get_model(app, model)._meta.verbose_name}"
        except LookupError:  # of an app that is gone
            return what
    return what
