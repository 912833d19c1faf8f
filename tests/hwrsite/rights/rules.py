"""Who may look at an address, who may send to it, and who may use an action of the admin: stated by hand.

An address, a button or an action that stands nowhere here has no rule, and the tests of this folder fail.
"""

from dataclasses import dataclass

ANYBODY, SIGNED_IN, STAFF, NOBODY = "anybody", "signed in", "staff", "nobody"
"""Besides these, a right is the name of a permission, such as `runs.change_run`, or of several with + between."""


@dataclass(frozen=True)
class Rule:
    """The right to look (GET) and to send (POST); `writes` are tables that sending may change for anybody."""

    look: str
    send: str = NOBODY
    writes: tuple[str, ...] = ()


PERSON = "accounts.add_user+accounts.change_user"
"""Django asks for both: whoever adds people could give rights."""
PAGE = Rule(ANYBODY)
FORM = Rule(ANYBODY, ANYBODY)
OWN_PAGE = Rule(SIGNED_IN)
STAFF_PAGE = Rule(STAFF)


def button(permission: str) -> Rule:
    """What is only sent, by those with a permission."""
    return Rule(NOBODY, permission)


PAGES = {
    "recognizer": (
        "index", "about", "privacy", "glossary", "detail", "download", "weights", "service_worker", "manifest",
        "kept_page", "saw", "lexicon",
    ),
    "runs": (
        "index", "rows", "export", "compare", "compared_curves", "detail", "live", "misread", "picture", "curves",
        "csv", "chart",
    ),
    "sweeps": ("index", "rows", "detail", "live", "heat", "figures", "csv", "json"),
    "datasets": (
        "index", "detail", "sheet", "averages", "pictures", "examples", "export", "import", "import-progress",
        "drawings", "drawings_archive",
    ),
    "cleaning": ("review", "cleaning", "cleaning-progress", "version", "version-progress"),
    "choice": ("choose", "chart", "export"),
    "study": ("index", "figures", "source"),
    "learn": ("index", "pictures"),
    "devices": (
        "index", "times", "detail", "device-times", "benchmark", "agent-script", "agent-archive", "sheets", "board",
        "this", "invitation", "browsers-csv", "browsers-json", "chips",
    ),
    "agent": ("file",),
    "copybook": ("index", "letters", "schema"),
}  # fmt: skip
PUBLIC_RULES = {f"{app}:{name}": PAGE for app, names in PAGES.items() for name in names} | {
    "recognizer:draw": FORM,
    **dict.fromkeys(("api:openapi-json", "api:openapi-view", "api:api-root"), FORM),  # whatever is sent, they only show
    "recognizer:delete_drawings": Rule(ANYBODY, ANYBODY, ("recognizer_drawing",)),
    "healthz": PAGE,
    "readyz": PAGE,
    "metrics": PAGE,  # of this machine, or with the token: tests/hwrsite/observing
    "overview": OWN_PAGE,
    "notices": OWN_PAGE,
    "set_language": FORM,
    "account:sign_in": FORM,
    "account:code": Rule(NOBODY),  # whoever has not just typed his password is led back: test_second_factor.py
    "account:second_factor": Rule(SIGNED_IN, SIGNED_IN),
    "account:sign_out": Rule(NOBODY, ANYBODY),  # a visitor is led to the first page
    "account:home": OWN_PAGE,
    "account:export": OWN_PAGE,
    "account:password": Rule(SIGNED_IN, SIGNED_IN),
    "account:delete": Rule(SIGNED_IN, SIGNED_IN),
    "account:end_session": Rule(NOBODY, SIGNED_IN),
    "account:end_others": Rule(NOBODY, SIGNED_IN, ("accounts_user", "accounts_signin")),
    "account:new_token": Rule(NOBODY, SIGNED_IN),
    "account:revoke_token": Rule(NOBODY, SIGNED_IN),
    "account:codes": Rule("accounts.add_joincode", "accounts.add_joincode"),
    "account:close_code": button("accounts.add_joincode"),
    "account:join": PAGE,
    "account:join_code": FORM,
    "recognizer:paper": FORM,
    "api:read_page": Rule(NOBODY, ANYBODY),
    "api:recognize": Rule(NOBODY, ANYBODY),
    "api:recognize_image": Rule(NOBODY, ANYBODY),
    "api:recognize_input": Rule(NOBODY, ANYBODY),
    "api:recognize_batch": Rule(NOBODY, ANYBODY),
    "api:read_word": Rule(NOBODY, ANYBODY),
    "api:read_word_image": Rule(NOBODY, ANYBODY),
    "api:find_nearest": Rule(NOBODY, ANYBODY),
    "api:get_model": PAGE,
    "api:donate": Rule(NOBODY, ANYBODY, ("recognizer_drawing",)),
    "api:delete": Rule(NOBODY, ANYBODY, ("recognizer_drawing",)),
    "runs:columns": Rule(ANYBODY, ANYBODY, ("runs_listcolumns",)),
    "recognizer:review_drawings": Rule("recognizer.change_drawing"),
    "recognizer:decide_drawings": button("recognizer.change_drawing"),
    "recognizer:put_in_service": button("recognizer.change_storedmodel"),
    "recognizer:roll_back": button("recognizer.change_storedmodel"),
    "runs:act": button("runs.change_run"),
    "sweeps:pause": button("sweeps.change_sweep"),
    "sweeps:resume": button("sweeps.change_sweep"),
    "sweeps:stop": button("sweeps.change_sweep"),
    "sweeps:cancel": button("sweeps.change_sweep"),
    "sweeps:extend": button("sweeps.change_sweep"),
    "runs:shares": Rule("runs.add_run"),
    "runs:new": Rule("runs.add_run", "runs.add_run"),
    "sweeps:new": Rule("sweeps.add_sweep", "sweeps.add_sweep"),
    "sweeps:trial": button("runs.add_run"),
    "sweeps:publish": button("recognizer.add_storedmodel"),
    "datasets:import-confirm": Rule("datasets.add_datasetimport", "datasets.add_datasetimport"),
    "datasets:import-cancel": button("datasets.change_datasetimport"),
    "cleaning:decide": button("datasets.change_dataset"),
    "paper:index": Rule("paper.add_paperreading", "paper.add_paperreading"),
    "paper:sheets": Rule("paper.add_paperreading"),
    **dict.fromkeys(
        ("paper:reading", "paper:progress", "paper:result", "paper:review", "paper:sheet"),
        Rule("paper.view_paperreading"),
    ),
    "paper:cancel": button("paper.change_paperreading"),
    "paper:decide": button("paper.change_paperreading"),
    "paper:import": button("paper.change_paperreading+datasets.add_datasetimport"),
    "cleaning:start": button("cleaning.add_cleaning"),
    "cleaning:start-version": button("cleaning.add_newversion"),
    "cleaning:cleaning-cancel": button("cleaning.change_cleaning"),
    "cleaning:version-cancel": button("cleaning.change_newversion"),
    "devices:order": Rule("devices.add_benchmark", "devices.add_benchmark"),
    "devices:sheet": Rule("devices.change_device", "devices.change_device"),
    "devices:chip": Rule("devices.add_chipresult", "devices.add_chipresult"),
    "devices:chip-delete": button("devices.delete_chipresult"),
    "devices:meter": Rule("devices.add_meterreading", "devices.add_meterreading"),
    "devices:add": button("devices.add_device"),
    "devices:code": button("devices.change_device"),
    "devices:revoke": button("devices.change_device"),
    "devices:invite": button("devices.add_device"),
    "devices:measure-this": button("devices.add_device"),
    "devices:close-invitation": button("devices.add_device"),
    # Whoever has no token is refused inside, in JSON (tests/training/devices/fleet).
    **dict.fromkeys(
        ("agent:join", "agent:enter", "agent:next", "agent:beat", "agent:end", "agent:result"), Rule(NOBODY, ANYBODY)
    ),
}
TRAINERS_OWN = (
    "runs:act", "sweeps:pause", "sweeps:resume", "sweeps:stop", "sweeps:cancel", "sweeps:extend", "sweeps:trial",
)  # fmt: skip
"""What a trainer may send about what he started himself, and about nothing else."""
LIKE_THE_ADMIN = {
    **{f"sweeps:{action}": ("sweeps_sweep", action) for action in ("pause", "resume", "stop", "cancel")},
    "sweeps:extend": ("sweeps_sweep", "resume"),
    "sweeps:trial": ("runs_run", "add"),
    "runs:act": ("runs_run", "cancel"),
    "datasets:import-cancel": ("datasets_datasetimport", "cancel"),
    "cleaning:start": ("cleaning_cleaning", "add"),
    "cleaning:start-version": ("cleaning_newversion", "add"),
    "cleaning:cleaning-cancel": ("cleaning_cleaning", "cancel"),
    "cleaning:version-cancel": ("cleaning_newversion", "cancel"),
    "paper:cancel": ("paper_paperreading", "cancel"),
}
"""Buttons of the public pages that the admin has, too: by kind of row, the action there, or `add` for its form."""
ADMIN_RULES = {
    "admin:index": Rule(STAFF, STAFF),
    "admin:app_list": Rule(STAFF, STAFF),
    "admin:search": Rule(STAFF, STAFF),
    "admin:jsi18n": STAFF_PAGE,
    "admin:autocomplete": Rule(NOBODY),  # no form has such a field
    "admin:view_on_site": Rule(STAFF, STAFF),
    "admin:password_change": Rule(STAFF, STAFF),
    "admin:password_change_done": STAFF_PAGE,
    "admin:login": FORM,
    "admin:logout": Rule(NOBODY, STAFF),
    "admin:None": Rule(STAFF, STAFF),  # old addresses, led on; what is not there
    "admin:accounts_user_add": Rule(PERSON, PERSON),
    "admin:keeping_backup_disk_use": Rule("keeping.view_backup", "keeping.view_backup"),
    "admin:keeping_backup_clear": Rule("keeping.delete_backup", "keeping.delete_backup"),
    "admin:auth_user_password_change": Rule("accounts.change_user", "accounts.change_user"),
}
BUTTONS = {
    "recognizer_storedmodel_put_in_service": "recognizer.change_storedmodel",
    "recognizer_storedmodel_roll_back": "recognizer.change_storedmodel",
    "recognizer_storedmodel_evaluate": "runs.add_evaluation",
    "recognizer_storedmodel_download": "recognizer.view_storedmodel",
    "datasets_dataset_add_drawings": "datasets.change_dataset",
    "recognizer_drawing_review": "recognizer.change_drawing",
    "runs_run_choose_columns": "runs.view_run",
    "keeping_backup_show_disk_use": "keeping.view_backup",
    "keeping_backup_download": "keeping.download_backup",
}
JOBS = (
    "datasets_datasetimport", "cleaning_cleaning", "cleaning_newversion", "runs_evaluation", "devices_benchmark",
    "devices_compression", "keeping_backup", "paper_paperreading", "datasets_publication",
)  # fmt: skip
NEVER = {f"{job}_change" for job in JOBS} | {
    "recognizer_drawing_add",
    "recognizer_activation_add",
    "recognizer_activation_change",
    "recognizer_activation_delete",
    "datasets_publisheddrawings_change",
    "devices_device_add",
    "paper_paperreading_add",
    *(f"jobs_deployment_{what}" for what in ("add", "change", "delete")),
    "keeping_announcement_add",
    "keeping_announcement_change",
    *(f"accounts_auditentry_{what}" for what in ("add", "change", "delete")),
    "axes_accesslog_add",
    "axes_accessattempt_add",
    "axes_accessfailurelog_add",
}
"""What the admin lets nobody send, not even an administrator."""
ACTIONS = {
    "axes_accessattempt": {"cleanup_expired_attempts": "axes.delete_accessattempt"},
    "recognizer_storedmodel": {
        "compress_to_fp16": "devices.add_compression",
        "compress_to_int8": "devices.add_compression",
        "compress_to_int4": "devices.add_compression",
        "time_models": "devices.add_benchmark",
    },
    "recognizer_drawing": {
        **dict.fromkeys(("accept", "accept_as_predicted", "reject", "wait_again"), "recognizer.change_drawing"),
        **dict.fromkeys(("export_json_lines", "export_svg"), "recognizer.view_drawing"),
    },
    "runs_run": dict.fromkeys(("compare", "export_csv", "export_json"), "runs.view_run"),
    "sweeps_sweep": dict.fromkeys(("pause", "resume", "stop", "cancel"), "sweeps.change_sweep"),
}
JOB_ACTIONS = ("pause", "resume", "retry", "cancel")


def rule_of(name: str) -> Rule:
    """The rule of an address; KeyError where none is stated."""
    if name in PUBLIC_RULES or name in ADMIN_RULES:
        return PUBLIC_RULES.get(name) or ADMIN_RULES[name]
    of_admin = name.removeprefix("admin:")
    if of_admin in BUTTONS:
        return Rule(BUTTONS[of_admin], BUTTONS[of_admin])
    app, model, what = of_admin.split("_")
    view, change = f"{app}.view_{model}", f"{app}.change_{model}"
    usual = {
        "changelist": Rule(view, view),
        "history": Rule(view, view),
        "change": Rule(view, change),
        "add": Rule(f"{app}.add_{model}", f"{app}.add_{model}"),
        "delete": Rule(f"{app}.delete_{model}", f"{app}.delete_{model}"),
    }[what]
    return Rule(usual.look if usual.look == view else NOBODY) if of_admin in NEVER else usual


def right_of(model: str, action: str) -> str:
    """The permission that an action of the admin needs, by `app_model`; KeyError where none is stated."""
    app, _underscore, name = model.partition("_")
    usual = {"delete_selected": f"{app}.delete_{name}"}
    if model in JOBS or model == "runs_run":
        usual |= dict.fromkeys(JOB_ACTIONS, f"{app}.change_{name}")
    return (usual | ACTIONS.get(model, {}))[action]
