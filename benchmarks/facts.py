"""Invented facts to insert into a long text: each has one right answer, which occurs nowhere else.

A question is worded differently from the sentence. Most name a place or a person, as people do; a few name neither,
and share only common words with the sentence.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

PLACES = (
    "Velmora", "Ostrany", "Quillharbour", "Harnwick", "Brasklund", "Torvella", "Miskarrow", "Pellingard", "Dunsoray",
    "Karvenholt", "Ysselbrook", "Ambrast", "Lorriveen", "Skandrey", "Gullimoor", "Zarnitz", "Whitfennel", "Orrabek",
    "Thessimar", "Jolvenna", "Cradlewick", "Ummerstad", "Nevrand", "Fallowquay",
)  # fmt: skip
PEOPLE = (
    "Tomas Brandvik", "Ilse Quarrender", "Mirela Dostoyan", "Anselm Wickhurst",
    "Odile Farrowgate", "Henrik Sallowmere", "Petra Vonnegaard", "Lucian Abernoth",
    "Greta Ollivander-Rook", "Casimir Thorle", "Wilhelmina Drax", "Ruben Kestley",
    "Agnes Mulvarey", "Florian Pettibrook", "Dagny Severance", "Hugo Lindqvarn",
    "Beatrix Umberland", "Emeric Stollwood", "Sunniva Harkell", "Leopold Gantrey",
    "Marit Oxenholm", "Jasper Quillon", "Theodora Visk", "Albin Rosenquarl",
)  # fmt: skip
_SENTENCE_END = re.compile(r"(?<=[.!?]) |\n\n")
MONTHS = ("January", "March", "April", "June", "August", "September", "November")


@dataclass(frozen=True, slots=True)
class Fact:
    """An invented ``sentence``; an answer to ``question`` is right if it holds ``answer``."""

    sentence: str
    question: str
    answer: str


_TEMPLATES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    # The sentence, the question, the answer, and the values for {odd}.
    ("The stone bridge at {place} was designed by {person}, who never saw it finished.",
     "Who was the architect of the bridge in {place}?", "{person}", ()),
    ("A printing press first came to {place} in {year}, on the back of a mule.",
     "In what year did the people of {place} get a printing press?", "{year}", ()),
    ("The wedding bread of {place} gets its blue colour from crushed {odd}.",
     "What makes the bread of {place} blue?", "{odd}", ("mallow seeds", "cornflower husks", "elderberry skins")),
    ("The harbour master of {place} had an otter named {odd}, which caught fish for him.",
     "What was the name of the tame otter that belonged to the harbour master?", "{odd}",
     ("Pumpernose", "Bristlewig", "Mollikins")),
    ("The observatory of {place} owns a telescope whose mirror measures {number} centimetres across.",
     "How wide is the mirror of the telescope at {place}?", "{number}", ()),
    ("When the salt mine of {place} was flooded, {number} miners escaped through an air shaft.",
     "How many workers survived the flood in the mine of {place}?", "{number}", ()),
    ("While in prison, {person} learned to play the {odd}.",
     "What instrument did {person} take up in jail?", "{odd}", ("hurdy-gurdy", "psaltery", "theorbo")),
    ("The first balloon over {place} was flown by the nun {odd}.",
     "Who piloted the first balloon over {place}?", "{odd}", ("Gundrade", "Ermelinde", "Walpertis")),
    ("A brewer bought the narrow railway of {place} for {number} crowns.",
     "For how many crowns was the railway of {place} sold?", "{number}", ()),
    ("The post office of {place} is housed in a former {odd}.",
     "In what kind of building is the post office of {place}?", "{odd}",
     ("candle factory", "glove works", "umbrella shop")),
    ("The comet that {person} saw from the roof of a bakery was given the name {odd}.",
     "What is the comet called that was discovered by {person}?", "{odd}", ("Velorix", "Tamburel", "Oskadia")),
    ("On their seventh birthday, children in {place} are given a {odd}.",
     "What present do children in {place} get when they turn seven?", "{odd}", ("thimble", "whistle", "paper lantern")),
    ("In {year} the steamer {odd} sank off {place} with a cargo of church bells.",
     "Which steamer was lost near {place}?", "{odd}", ("Merrowgate", "Solanthe", "Brackwing")),
    ("Before becoming mayor of {place}, {person} worked as a {odd}.",
     "What was the job of {person} before becoming mayor?", "{odd}",
     ("wig maker", "bell founder", "snail farmer")),
    ("It was {person} who planted the giant chestnut tree of {place} to mark the end of a drought.",
     "Who planted the old chestnut tree in {place}?", "{person}", ()),
    ("Divers found the lost crown of King {odd} at the bottom of a well in {place}.",
     "Which king's crown was discovered in {place}?", "{odd}", ("Ottovald", "Hrastimir", "Cenobrand")),
    ("The theatre of {place} burned down during a rehearsal of the opera {odd}.",
     "Which opera was being rehearsed when the theatre in {place} caught fire?", "{odd}",
     ("Amber Staircase", "Moth King", "Seven Wet Feathers")),
    ("The dialect that is spoken in {place} has {number} words for fog.",
     "How many different ways to say fog are there in the dialect of {place}?", "{number}", ()),
    ("{person} invented the {odd} and used the profits to build a hospital in {place}.",
     "What was the invention of {person}?", "{odd}", ("gyroplough", "thermokettle", "windscraper")),
    ("The clock tower of {place} was moved forty metres on greased rails on {day} {month} {year}.",
     "When was the tower with the clock shifted in {place}?", "{day} {month} {year}", ()),
)  # fmt: skip


def make_facts(text: str, count: int, seed: int) -> list[Fact]:
    """``count`` facts whose names and answers do not occur in ``text``. Raises ``ValueError`` for too many."""
    if count > len(_TEMPLATES):
        raise ValueError(f"There are only {len(_TEMPLATES)} facts.")
    chance = random.Random(seed)
    text_so_far = text.casefold()
    places = _unknown(PLACES, text_so_far, chance)
    people = _unknown(PEOPLE, text_so_far, chance)
    facts = []
    for number in range(count):
        template = _TEMPLATES[number * len(_TEMPLATES) // count]
        fact = _make(template, text_so_far, places[number], people[number], chance)
        facts.append(fact)
        text_so_far += fact.sentence.casefold()
    return facts


def _unknown(names: Sequence[str], text_so_far: str, chance: random.Random) -> list[str]:
    return chance.sample([name for name in names if name.casefold() not in text_so_far], k=len(_TEMPLATES))


def _make(
    template: tuple[str, str, str, tuple[str, ...]], text_so_far: str, place: str, person: str, chance: random.Random
) -> Fact:
    sentence, question, answer, odd = template
    for _ in range(1000):
        values = {
            "place": place,
            "person": person,
            "odd": chance.choice(odd or ("",)),
            "number": str(chance.randint(211, 9899)),
            "year": str(chance.randint(1450, 1890)),
            "day": str(chance.randint(2, 28)),
            "month": chance.choice(MONTHS),
        }
        fact = Fact(sentence.format(**values), question.format(**values), answer.format(**values))
        if fact.answer.casefold() not in text_so_far:
            return fact
    raise ValueError(f"Every answer to '{question}' stands in the text.")


def plant(text: str, facts: Sequence[Fact]) -> str:
    """``text`` with the facts in it, in their order, at even depths, each after the end of a sentence."""
    parts: list[str] = []
    start = 0
    for number, fact in enumerate(facts):
        at = _after_sentence(text, max(start, int(len(text) * (number + 0.5) / len(facts))))
        space = "" if text[at - 1 : at].isspace() else " "
        parts += [text[start:at], space, fact.sentence, " "]
        start = at
    return "".join([*parts, text[start:]])


def _after_sentence(text: str, at: int) -> int:
    """The offset of the first sentence from ``at`` on; of the next paragraph if no sentence ends before it."""
    match = _SENTENCE_END.search(text, at)
    return match.end() if match else len(text)
