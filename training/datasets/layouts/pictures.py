"""Archives of picture files: beside a table, or in a folder for each letter."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from recognizer.messages import gettext as _
from training.datasets.archives import Archive
from training.datasets.content.labels import LabelReader, number_in, plain
from training.datasets.content.notes import Note
from training.datasets.content.questions import SOURCE, Question
from training.datasets.content.splitting import split_of
from training.datasets.content.writers import NO_WRITERS, writer_in
from training.datasets.layouts.folders import Folders
from training.datasets.layouts.label_table import Row, Table, find_table
from training.datasets.layouts.plan import Choice, Fault, Place, Plan

FOLDERS = "folders"
_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})


def by_table(archive: Archive, names: Sequence[str], reader: LabelReader, choice: Choice) -> Plan | None:
    """A CSV table beside the pictures says what each is; files are found by the longest common ending of their paths.

    It has a question where folders that are named by letters contradict the table, or have letters although the table
    names no file of the archive.
    """
    table = find_table(archive, names, reader, choice)
    if table is None:
        return None
    pictures = [name for name in names if is_picture(name)]
    folders = Folders.of(pictures, reader)
    plan, met = _table_plan(archive, names, reader, choice, table)
    if met:
        question = _contradiction(table, plan, folders)
        question = question and question.answered(choice.labels_from)
        if question and question.answer == FOLDERS:
            plan = by_folder(archive, names, reader, choice)
        return plan if question is None else replace(plan, questions=(*plan.questions, question))
    return _without_table(archive, names, reader, choice, table, folders)


def _without_table(
    archive: Archive, names: Sequence[str], reader: LabelReader, choice: Choice, table: Table, folders: Folders
) -> Plan:
    """The plan by folders alone, beside a table of no use: said where they are letters, asked where they are not."""
    plan = replace(by_folder(archive, names, reader, choice), columns=table.columns, header=table.header)
    note = _why_useless(table, [name for name in names if is_picture(name)])
    if folders.are_letters:
        return replace(plan, notes=(*plan.notes, note))
    answers = {FOLDERS: _("letters from the folders")} if plan.places else {}
    question = Question(SOURCE, note.in_words(), answers).answered(choice.labels_from)
    return replace(plan, questions=(question, *plan.questions))


def _table_plan(
    archive: Archive, names: Sequence[str], reader: LabelReader, choice: Choice, table: Table
) -> tuple[Plan, bool]:
    """The plan by a table alone, and whether the table names any file."""
    reading = reader.read(dict.fromkeys(row[0] for row in table.rows.values()))
    place_of = {row: _place(row, reading.labels) for row in {*table.rows.values()}}
    places: dict[str, Place] = {}
    set_aside: Counter[str] = Counter()
    faults, others, met = [], 0, set()
    for name, key, row in table.found(names):
        if row is None:
            others += not is_picture(name)
            if is_picture(name):
                faults.append(Fault(name, _("not in the table")))
            continue
        met.add(key)
        if (place := place_of[row]) is None:
            set_aside[row[0]] += 1
        else:
            places[name] = place
    faults += [Fault(file, _("in the table, but not in the archive")) for file in table.rows if file not in met]
    faults += [_repeated(file, kept) for file, kept in table.repeated.items()]
    is_each_once = not faults and len(table.rows) == len(places) + set_aside.total()
    notes = [*table.notes, *reading.notes]
    if not table.columns.groups and not choice.groups and (writers := _folder_writers(places)):
        places = {name: replace(place, group=writers[name]) for name, place in places.items()}
        notes.append(Note("writer_folders"))
    plan = Plan(
        "table",
        archive,
        reader.letters,
        places,
        set_aside,
        others,
        tuple(faults),
        columns=table.columns,
        offered=table.offered,
        header=table.header,
        count=table.count if is_each_once else None,
        notes=tuple(notes),
        questions=tuple(filter(None, (table.question, reading.question))),
    )
    return plan, bool(met)


def _repeated(file: str, kept: str) -> Fault:
    name = _("%(file)s (kept: %(row)s)") % {"file": file, "row": kept}
    return Fault(name, _("the table has several rows for it; the last one counts"))


def _place(row: Row, labels: Mapping[str, int]) -> Place | None:
    label = labels.get(row[0])
    return None if label is None else Place(label, split_of(row[1]), row[2])


def _folder_writers(places: Mapping[str, Place]) -> dict[str, str]:
    """The folder of each picture where folders are writers: numbered or named so, and most with several letters."""
    folders = {name: name.rpartition("/")[0].rpartition("/")[2] for name in places}
    letters: defaultdict[str, set[int]] = defaultdict(set)
    for name, folder in folders.items():
        letters[folder].add(places[name].label)
    if len(letters) < 2 or not all(number_in(plain(folder)) is not None or writer_in([folder]) for folder in letters):
        return {}
    several = sum(len(labels) > 1 for labels in letters.values())
    return folders if 2 * several > len(letters) else {}


def _contradiction(table: Table, plan: Plan, folders: Folders) -> Question | None:
    """Ask where pictures lie in a folder of another letter than the table gives them."""
    if not folders.are_letters:
        return None
    labels = ((name, place.label, folders.label(name)) for name, place in plan.places.items())
    other = [(name, ours, theirs) for name, ours, theirs in labels if theirs is not None and theirs != ours]
    if not other:
        return None
    name, ours, theirs = other[0]
    words = {
        "table": table.name,
        "count": len(other),
        "name": name,
        "letter": plan.letters[ours],
        "folder": plan.letters[theirs],
    }
    text = _("The table %(table)s contradicts %(count)d folders' names: in it %(name)s is %(letter)s, not %(folder)s.")
    answers = {"table": _("letters from the table"), FOLDERS: _("letters from the folders")}
    return Question(SOURCE, text % words, answers)


def _why_useless(table: Table, pictures: Sequence[str]) -> Note:
    """What is wrong with a table: it names no file, or has no column that is known to hold letters."""
    if not table.columns.labels:
        return Note("no_letters", {"table": table.name, "columns": ", ".join(table.header)})
    words = {"table": table.name, "row": next(iter(table.rows), ""), "file": next(iter(pictures), "")}
    return Note("no_files", words)


def by_folder(archive: Archive, names: Sequence[str], reader: LabelReader, choice: Choice) -> Plan:
    """Each picture lies in a folder named by its letter, its number or, where none is, its Latin name.

    A folder further up may name the split. One further up or just below may name the writer.
    """
    folders = Folders.of(names, reader)
    places: dict[str, Place] = {}
    set_aside: Counter[str] = Counter()
    others = 0
    known: dict[str, Place] = {}
    for name in names:
        path = name.rpartition("/")[0]
        label = folders.label(name)
        if label is not None:
            if path not in known:
                known[path] = folders.place(path, label, overlook_writer=choice.groups == NO_WRITERS)
            places[name] = known[path]
        elif is_picture(name):
            set_aside[folders.own(name)] += 1
        else:
            others += 1
    questions = tuple(filter(None, (folders.reading.question,)))
    return Plan(
        "folders",
        archive,
        reader.letters,
        places,
        set_aside,
        others,
        notes=tuple(folders.reading.notes),
        questions=questions,
    )


def is_picture(name: str) -> bool:
    """Whether a file's name ends as that of a picture."""
    return name[name.rfind(".") :].lower() in _ENDINGS
