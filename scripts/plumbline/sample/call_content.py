"""What was said on a call: speakers, sentences, trackers, topics, statistics, scorecards."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from plumbline.sample.settings import CANARY_SPOKEN, DAY
from plumbline.sample.world import Block, Deal, Person, User

_TOPICS = ("Call Setup", "Business Need", "Product", "Pricing", "Security", "Next Steps", "Small Talk")
_SENTENCES = (
    "Thanks for making the time today.",
    "Could you walk us through how you plan the quarter now?",
    "We spend most of Monday getting the numbers to agree.",
    "The budget is decided in the autumn.",
    "Who else would have to sign off on this?",
    "Our procurement team will want to see the contract.",
    "We looked at Brightfathom last year.",
    "Quillstack came in at a lower price.",
    "Does it support single sign-on?",
    "We would need an audit trail.",
    "Let us follow up next week.",
    "I will send the summary after the call.",
    "What happens if the pilot goes well?",
    "The discount would have to be larger.",
    "That is exactly the problem we have.",
    "I am not sure this is a priority before the summer.",
    "Could we see that with our own data?",
    "We have three regions with different rules.",
    "The team likes it, I have to convince finance.",
    "Let us put a date in the calendar.",
)
_COMPETITOR = (6, 7)
_AS_JSON = [json.dumps(sentence) for sentence in (*_SENTENCES, CANARY_SPOKEN)]


@dataclass(slots=True)
class Speaker:
    """Someone on a call: a colleague by the Gong user id, or a person from outside."""

    id: str
    user_id: str | None
    person: Person | None


def offset_text(seconds: int, hours: int) -> str:
    """An instant as text with an offset, as Gong's API writes it."""
    zone = timezone(timedelta(hours=hours))
    return datetime.fromtimestamp(seconds, tz=UTC).astimezone(zone).isoformat(timespec="seconds")


def _digest(*parts: str) -> str:
    return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()


def write_content(
    block: Block, call_id: str, deal: Deal, when: int, seconds: int, speakers: list[Speaker], owner: User
) -> None:
    """All rows under one call."""
    loaded = when + 3 * 3600
    shares = [block.r.uniform(0.5, 1.5) for _ in speakers]
    for speaker, share in zip(speakers, shares, strict=True):
        block.out.add(
            "gong.call_speaker",
            id=speaker.id,
            call_id=call_id,
            user_id=speaker.user_id,
            talk_time=f"{seconds * 0.9 * share / sum(shares):.1f}",
            _at=loaded,
        )
    _transcript(block, call_id, deal, seconds, speakers, loaded)
    minutes = [block.r.random() for _ in _TOPICS]
    for name, share in zip(_TOPICS, minutes, strict=True):
        if share > 0.35:
            block.out.add(
                "gong.call_topic",
                _fivetran_id=_digest(call_id, name),
                call_id=call_id,
                name=name,
                duration=f"{seconds * share / sum(minutes):.0f}",
                _at=loaded,
            )
    ratio = shares[0] / sum(shares)
    for name, value in (
        ("Talk Ratio", ratio),
        ("Longest Monologue", block.r.uniform(40, 260)),
        ("Interactivity", block.r.uniform(1, 9)),
        ("Patience", block.r.uniform(0.2, 2.5)),
    ):
        block.out.add("gong.call_interaction", name=name, call_id=call_id, value=f"{value:.2f}", _at=loaded)
    if block.r.random() < 0.18:
        _scorecard(block, call_id, when, owner)


def _transcript(block: Block, call_id: str, deal: Deal, seconds: int, speakers: list[Speaker], loaded: int) -> None:
    """Sentences in order; each tracked phrase in them is a tracker hit at that second."""
    r = block.r
    count = 7 + int(seconds / 300)
    step = seconds / count
    hits = [
        [
            (tracker_id, name, phrase)
            for tracker_id, name, phrases in block.common.trackers
            for phrase in phrases
            if phrase in sentence
        ]
        for sentence in (*_SENTENCES, "")
    ]
    hears_rival = deal.competitor > 0.6
    topic = 0
    for place in range(count):
        choice = int(r.random() * len(_SENTENCES))
        if choice in _COMPETITOR and not hears_rival:
            choice = 0
        if r.random() < 0.3:
            topic = min(len(_TOPICS) - 1, topic + 1)
        speaker = speakers[int(r.random() * len(speakers))]
        start = place * step + r.uniform(0, step * 0.3)
        if speaker.person is not None and speaker.person.stratum == "canary":
            choice = len(_SENTENCES)
        end = start + step * 0.6
        block.out.add(
            "gong.transcript",
            call_id=call_id,
            index=str(place),
            workspace_id="4200",
            speaker_id=speaker.id,
            topic=_TOPICS[topic],
            _at=loaded,
            sentence=(f'{{"start": {int(start * 1000)}, "end": {int(end * 1000)}, "text": {_AS_JSON[choice]}}}'),
        )
        for tracker_id, name, phrase in hits[choice]:
            block.out.add(
                "gong.call_tracker",
                _fivetran_id=_digest(call_id, tracker_id, phrase, str(place)),
                call_id=call_id,
                id=tracker_id,
                name=name,
                phrase=phrase,
                speaker_id=speaker.id,
                start_time=f"{start:.1f}",
                type="KEYWORD",
                _at=loaded,
            )


def _scorecard(block: Block, call_id: str, when: int, owner: User) -> None:
    r = block.r
    scorecard_id, questions = block.common.scorecard
    reviewer = owner.manager or owner
    answered = str(block.ids.number("answered_scorecard", 8_000_000_000_000_000_000, 1_000_000))
    review = min(when + int(r.uniform(0.5, 5) * DAY), when + 5 * DAY)
    block.out.add(
        "gong.answered_scorecard",
        id=answered,
        call_id=call_id,
        scorecard_id=scorecard_id,
        reviewed_user_id=owner.gong_id,
        reviewer_user_id=reviewer.gong_id,
        call_start_time=offset_text(when, 0),
        review_time=offset_text(review, 0),
        visibility_type="PUBLIC",
        _at=review,
    )
    for question_id, _, overall in questions:
        skipped = not overall and r.random() < 0.1
        block.out.add(
            "gong.answered_scorecard_answer",
            answered_scorecard_id=answered,
            question_id=question_id,
            question_revision_id=question_id + "1",
            is_overall=overall,
            not_applicable="true" if skipped else "false",
            score=None if skipped else str(r.randint(1, 5)),
            _at=review,
        )
