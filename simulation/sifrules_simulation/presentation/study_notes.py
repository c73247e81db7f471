"""Notes on a study (anmärkningar): how it was made, what failed, and its caveats.

They are derived from the data that a study is saved as; none is saved as a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from sifrules.values.messages import Joined, Message, Text
from sifrules.values.numbers import number_words
from sifrules_simulation.analysis.calibration import ENOUGH
from sifrules_simulation.analysis.foreseen import LEVEL
from sifrules_simulation.analysis.regions import BEATS
from sifrules_simulation.experiments.defaults import ACCEPT
from sifrules_simulation.presentation.formatting import behaviour_word, scenario_word
from sifrules_simulation.presentation.stopping_notes import in_study
from sifrules_simulation.presentation.study_words import region, saved_error, saved_text
from sifrules_simulation.studies.dependence import ANSWERED

Data = Mapping[str, Any]

_FAILED_DRAWS = Message("study_note.failed_draws")
_FAILED_ELSEWHERE = Message("study_note.failed_elsewhere")


def notes(data: Data, *, saved: bool = True) -> Iterator[Text]:
    """Every note on a study; ``saved`` says whether failures can be read in a folder."""
    yield Message(
        "study_note.size",
        **{key: data[key] for key in ("draws", "replications", "years", "seed")},
        scenario=scenario_word(data["scenario"]),
        behaviour=behaviour_word(data["behaviour"]),
    )
    yield sizes(data)
    yield from (saved_text(note) for note in data.get("made_up", ()))
    yield from in_study(data)
    if data["stopped"]:
        yield Message("study_note.stopped", n=data["draws"])
    yield from _failed(data, saved)
    yield from precision_of_shares(data)
    yield from _through_choice(data)
    for policy in dict.fromkeys(each["policy"] for each in data["sensitivity"]):
        if not any(each["tells"] for each in data["sensitivity"] if each["policy"] == policy):
            yield Message("study_note.no_influence", policy=policy)
    for each in data["regions"]:
        if each["hypothesis"] == ANSWERED:
            yield region_note(each)
    if data["regions"]:
        found = len(
            {(each["policy"], each["hypothesis"]) for each in data["regions"] if each["tells"]}
        )
        yield Message(
            "study_note.regions",
            found=found,
            of=len({(each["policy"], each["hypothesis"]) for each in data["regions"]}),
            beats=number_words(100 * BEATS, "g"),
        )
    if data["findings"] and not data["information"]:
        yield Message("study_note.nothing_to_measure")
    tried = [each["holds"] for some in data["alternatives"].values() for each in some]
    if any(tried):
        most = max(each["draws"] for each in tried if each)
        yield Message("study_note.alternatives", draws=number_words(most, ",d"))
    yield from (saved_error(error) for error in data["lacking"])
    yield from without_record(data)


def sizes(data: Data) -> Message:
    """In how large a municipality each policy is simulated."""
    own = data["own_sizes"]
    if not own:
        return Message("study_note.any_size")
    spans = (
        Message(
            "study_note.size_of",
            policy=policy,
            low=number_words(low, ",.0f"),
            high=number_words(high, ",.0f"),
        )
        for policy, (low, high) in own.items()
    )
    return Message("study_note.own_size", sizes=Joined(tuple(spans), "; "))


def region_note(each: Data) -> Message:
    """Where an outcome of the answer is frequent for one policy."""
    return Message("study_note.region", policy=each["policy"], region=region(each))


def precision_of_shares(data: Data) -> Iterator[Text]:
    """How closely the share of worlds in which a hypothesis holds is known."""
    shares = [each["holds"] for each in data["findings"] if each["holds"]]
    spans = [(each["low"], each["high"]) for each in shares]
    if spans:
        width = max(high - low for low, high in spans) / 2
        yield Message("study_note.width", width=number_words(100 * width, ".1f"))


def without_record(data: Data) -> Iterator[Text]:
    """Why there is no answer of its own on the draws that are like the record, if there is none."""
    if data["calibration"] is None:
        yield Message("study_note.not_calibrated")
    elif not data["by_record"]:
        yield Message(
            "study_note.too_few",
            accepted=data["calibration"]["accepted"],
            draws=number_words(data["calibration"]["draws"], ",d"),
            share=number_words(100 * ACCEPT, "g"),
            enough=ENOUGH,
            needed=ceil(ENOUGH / ACCEPT),
        )


def record_notes(calibration: Data) -> Iterator[Text]:
    """What to bear in mind when reading a calibration."""
    learnt = sum(bool(each["learnt"]) for each in calibration["parameters"])
    enough = calibration["accepted"] >= ENOUGH
    if not enough:
        yield Message("calibration.too_few", accepted=calibration["accepted"], enough=ENOUGH)
    yield coverage(calibration["coverage"])
    if enough and learnt:
        yield Message("calibration.learnt", learnt=learnt, of=len(calibration["parameters"]))
    elif enough:
        yield Message("calibration.nothing_learnt")
    policies = ", ".join(calibration["municipalities"].values())
    yield Message("calibration.one_policy", policies=policies)
    for town, why in calibration["left_out"].items():
        yield Message("calibration.left_out", town=town, why=saved_text(why))


def coverage(each: Data) -> Text:
    """How many numbers of the record lie within their intervals, and how sure that share is."""
    if each["low"] is None:
        return Message("coverage.none")
    return Message(
        "coverage.share",
        inside=each["inside"],
        of=each["of"],
        level=number_words(100 * LEVEL, "g"),
        low=number_words(100 * each["low"], ".0f"),
        high=number_words(100 * each["high"], ".0f"),
        towns=each["municipalities"],
    )


def _failed(data: Data, saved: bool) -> Iterator[Text]:
    """How many draws, and what else, failed, and where that can be seen."""
    inside = [each for each in data["failures"] if each["part"] == "effects"]
    outside = [each for each in data["failures"] if each["part"] != "effects"]
    for words, failures in ((_FAILED_DRAWS, inside), (_FAILED_ELSEWHERE, outside)):
        if failures:
            first = failures[0]
            where = Message(
                "study_note.first_failure",
                error=saved_text(first["error"]),
                command=first["command"] or first["part"],
            )
            yield words.format(
                n=number_words(len(failures), ",d"),
                of=number_words(data["asked"], ",d"),
                where=Message("study_note.see_failures") if saved else where,
            )


def _through_choice(data: Data) -> Iterator[Text]:
    through = [each["through_choice"] for each in data["policies"]]
    if through:
        yield Message("study_note.through_choice")
        if all(each["low"] == each["high"] == 0 for each in through):
            yield Message("study_note.negative_control")
