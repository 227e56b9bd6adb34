"""Rules that were learnt the hard way, each with the mistake that it prevents."""

import importlib.util

import pytest
import z3

from plumbline.definitions.prover import Prover, calendar, require_z3
from plumbline.definitions.prover.casing import casing
from plumbline.definitions.prover.encoding import Encoder
from plumbline.definitions.prover.languages import Language, Texts
from plumbline.definitions.prover.questions import Question
from plumbline.definitions.prover.reading import UnreadableError, read_condition
from plumbline.definitions.prover.terms import Longer, Opaque, Pattern, literal, walk
from plumbline.definitions.schemas import Entity
from plumbline.project.errors import SettingsError

from .deals import DEAL


def _opaque(sql: str, dialect: str = "duckdb") -> list[str]:
    term = read_condition(sql, DEAL, dialect).term
    return [part.key.split(": ", 1)[1] for part in walk(term) if isinstance(part, Opaque)]


def test_arguments_that_are_not_understood_make_an_expression_opaque() -> None:
    assert _opaque("score BETWEEN SYMMETRIC 5 AND 0", "postgres") == ["score BETWEEN SYMMETRIC 5 AND 0"]
    assert _opaque("TRIM(BOTH 'x' FROM status) = 'a'") == ["trim(status, 'x')"]
    assert _opaque("CAST(status AS VARCHAR(3)) = 'abc'", "postgres") == ["CAST(status AS VARCHAR(3))"]
    assert _opaque("CURRENT_DATE > due_date") == []


def test_not_like_is_the_negation(prover: Prover) -> None:
    assert prover.compare("status NOT LIKE 'a%'", "NOT (status LIKE 'a%')").verdict == "equivalent"
    assert prover.compare("status NOT LIKE 'a%'", "status LIKE 'a%'").verdict == "disjoint"


def test_axioms_hold_for_every_day() -> None:
    """For days around leap days, true starts of units satisfy what the solver is told, of one day and of two."""
    units: list[calendar.Unit] = ["month", "quarter", "year"]
    parts = [f"DATE_TRUNC('{unit}', {column}) <= made_at" for unit in units for column in ("due_date", "made_at")]
    encoder = Question([read_condition(" AND ".join(parts), DEAL).term], []).encoder
    axioms = z3.And(*encoder.axioms())
    due, made = (step.argument for step in encoder.steps[:2])
    assert len(encoder.steps) == 6
    for day in range(calendar.days(calendar.date(2023, 12, 1)), calendar.days(calendar.date(2024, 4, 4)), 7):
        for moment in (day * calendar.DAY, (day + 33) * calendar.DAY - 1, (day - 95) * calendar.DAY + 1):
            bound = [(due, z3.IntVal(day)), (made, z3.IntVal(moment))]
            for place, unit in enumerate(units):
                of_day, of_moment = (
                    calendar.start_of(unit, day),
                    calendar.start_of(unit, moment // calendar.DAY) * calendar.DAY,
                )
                bound.append((encoder.steps[2 * place].result, z3.IntVal(of_day)))
                bound.append((encoder.steps[2 * place + 1].result, z3.IntVal(of_moment)))
            assert z3.is_true(z3.simplify(z3.substitute(axioms, *bound)))


def test_shifts_by_months_stay_within_their_bounds() -> None:
    for months in (1, -1, 2, 3, -6, 12, 13, 24, 48, -120):
        least, most = calendar.shift_bounds(months)
        for day in range(calendar.days(calendar.date(2019, 12, 25)), calendar.days(calendar.date(2024, 3, 10))):
            assert least <= calendar.shifted(months, day) - day <= most
            first, last, moved = calendar.stretch(months, day)
            assert first <= day <= last
            assert calendar.shifted(months, first) - first == moved == calendar.shifted(months, last) - last


def test_facts_that_contradict_each_other_prove_nothing() -> None:
    broken = DEAL.model_copy(
        update={"facts": {"one": DEAL.facts.get("one") or _criterion("is_key"), "two": _criterion("NOT is_key")}}
    )
    with Prover(broken) as prover:
        verdict = prover.compare("score > 5 AND is_key", "FALSE")
    assert verdict.verdict == "unknown"
    assert verdict.reason is not None and "contradict" in verdict.reason


def _criterion(sql: str) -> object:
    from plumbline.definitions.schemas import Criterion

    return Criterion(sql=sql)


def test_weeks_and_what_no_profile_promises_are_unknown(prover: Prover) -> None:
    assert _opaque("DATE_DIFF('week', due_date, made_at) > 1") == ["date_diff('WEEK', due_date, made_at)"]
    assert _opaque("DATE_TRUNC('week', due_date) = due_date", "snowflake") != []
    assert _opaque("GREATEST(score, seats) > 1", "oracle") != []
    assert _opaque("status = 'a'", "mysql") == ["status = 'a'"]
    assert prover.compare("status = 'Open'", "status = 'open'", "mysql").verdict == "unknown"


def test_an_opaque_number_is_no_whole_number(prover: Prover) -> None:
    assert prover.compare("ROUND(amount, 1) > 5", "ROUND(amount, 1) >= 6").verdict == "wider"


def test_opaque_terms_of_unknown_kind_are_not_compared_piecemeal() -> None:
    """A day that is compared with two spellings of one day is equal to both: not two texts."""
    assert _opaque("LAST_DAY(due_date) = '2026-01-31'") == ["last_day(due_date) = '2026-01-31'"]


def test_case_comes_from_the_engine() -> None:
    table = casing()
    assert table.lower["\N{KELVIN SIGN}"] == "k"
    assert table.lower["\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"] == "i"
    assert (
        "\N{LATIN SMALL LETTER SHARP S}" not in table.upper or len(table.upper["\N{LATIN SMALL LETTER SHARP S}"]) == 1
    )
    assert "\N{NO-BREAK SPACE}" in table.blanks and "\t" not in table.blanks


def test_the_kelvin_sign_is_a_lower_case_k(prover: Prover) -> None:
    verdict = prover.compare("LOWER(status) = 'k'", "status IN ('k', 'K')")
    assert verdict.verdict == "wider"
    assert verdict.counterexamples[0].row == {"status": "\N{KELVIN SIGN}"}


def test_the_solver_is_not_asked_by_way_of_a_simplifier() -> None:
    """NULL AND FALSE is false, not NULL; `x = x` is NULL for NULL: nothing was folded away while reading."""
    term = read_condition("score = score", DEAL).term
    encoder = Encoder()
    pair = encoder.pair(term)
    assert not z3.is_true(z3.simplify(pair.value))


def test_vectors_are_those_that_texts_give() -> None:
    languages = [
        Language((), literal("ab")),
        Language(("lower",), literal("ab")),
        Language(("trim",), literal("ab")),
        Language((), Pattern(("a", True))),
        Language((), Longer(2)),
    ]
    texts = Texts(languages)
    found = texts.vectors()
    assert all(texts.vector(example) == vector for vector, example in found.items())
    tried = {
        texts.vector(text) for text in ("", "a", "ab", "AB", "aB", " ab", "ab ", "abc", "b", "xyz", "a\u00a0", "aBc")
    }
    assert tried <= set(found)
    assert (True, False, True, True, False) not in found


def test_long_lists_of_words_are_decided(prover: Prover) -> None:
    """As people paste them into filters: customers, competitors, countries."""
    words = [f"Company {number} Ltd" for number in range(120)]
    listed, lowered = (", ".join(f"'{word}'" for word in spelled) for spelled in (words, [w.lower() for w in words]))
    verdict = prover.compare(f"status IN ({listed})", f"LOWER(status) IN ({lowered})")
    assert verdict.verdict == "narrower"
    assert str(verdict.counterexamples[0].row["status"]).lower() in {word.lower() for word in words}


def test_rows_have_no_null_unless_needed(prover: Prover) -> None:
    verdict = prover.compare("score >= 65 AND status = 'Open'", "score >= 66 AND status = 'Open'")
    (example,) = verdict.counterexamples
    assert example.row == {"score": 65, "status": "Open"}
    assert example.forced == ("score",)
    assert example.answers == (True, False)
    (null,) = prover.compare("NOT is_gone", "is_gone IS NOT TRUE").counterexamples
    assert null.row == {"is_gone": None} and null.answers == (None, True)


def test_facts_are_listed_only_when_the_proof_needs_them(prover: Prover) -> None:
    needed = prover.compare("stage <> 'lost'", "stage IN ('open', 'won')")
    assert needed.verdict == "equivalent"
    assert any("one of open, won, lost" in assumption for assumption in needed.assumptions)
    assert prover.compare("stage = 'won'", "NOT stage <> 'won'").assumptions == ()


def test_clock_and_functions_of_others_are_assumptions(prover: Prover) -> None:
    clock = prover.compare("due_date < CURRENT_DATE", "NOT due_date >= TODAY()")
    assert clock.verdict == "equivalent" and any("one instant" in assumption for assumption in clock.assumptions)
    other = prover.compare("my_function(score) AND is_key", "is_key AND my_function(score)")
    assert other.verdict == "equivalent"
    assert other.assumptions == ("`my_function` gives the same answer for the same row",)


def test_what_duckdb_does_not_confirm_is_not_shown(prover: Prover) -> None:
    verdict = prover.compare("my_function(score)", "my_function(seats)")
    assert verdict.verdict == "unknown" and verdict.counterexamples == ()
    assert verdict.reason is not None and "my_function" in verdict.reason


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SUM(score) > 5", "aggregate"),
        ("LAG(score) OVER (ORDER BY due_date) > 5", "window"),
        ("RANDOM() > 0.5", "chance"),
        ("scores > 5", "Did you mean `score`?"),
        ("a.score > b.seats", "several relations"),
        ("score > ?", "no value here"),
        ("SELECT score FROM deals", "not a condition on one row"),
        ("score > 5; DROP TABLE deals", "not exactly one condition"),
        ("score > 5 AND (", "not SQL"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(sql: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason.replace("?", r"\?")):
        read_condition(sql, DEAL)


def test_conditions_that_are_never_or_always_true(prover: Prover) -> None:
    assert prover.condition("score > 5 AND score < 3").never is True
    always = prover.condition("seats >= 0 OR seats IS NULL")
    assert (always.never, always.always) == (False, True)
    assert always.assumptions == ("`seats` is at least 0",)
    some = prover.condition("seats >= 0")
    assert (some.never, some.always) == (False, False)


def test_criteria_that_do_nothing(prover: Prover) -> None:
    found = prover.criteria({"high": "score >= 65", "low": "score >= 5", "any": "seats IS NULL OR seats >= 0"})
    assert (found.vacuous, found.implied, found.impossible) == (("any",), ("low",), False)
    assert prover.criteria({"high": "score >= 65", "low": "score < 5"}).impossible is True
    assert list(prover.criteria({"sum": "SUM(score) > 5"}).unknown) == ["sum"]


def test_implication(prover: Prover) -> None:
    assert prover.implies("score >= 65", "score >= 5").holds is True
    refuted = prover.implies("score >= 5", "score >= 65")
    assert refuted.holds is False
    assert refuted.counterexample is not None and refuted.counterexample.answers == (True, False)


def test_measures_are_equal_on_every_row_or_a_row_shows_otherwise(prover: Prover) -> None:
    assert prover.measures("amount * 2", "amount + amount").holds is True
    assert (
        prover.measures("CASE WHEN stage = 'won' THEN amount ELSE 0 END", "IF(stage <> 'won', 0, amount)").holds is True
    )
    different = prover.measures("COALESCE(amount, 0)", "amount")
    assert different.holds is False
    assert different.counterexample is not None and different.counterexample.row == {"amount": None}
    assert prover.measures("SUM(amount)", "amount").holds is None
    assert prover.measures("status", "amount").holds is None


def test_predicates_of_two_dialects(prover: Prover) -> None:
    assert (
        prover.compare("IFF(is_gone, 0, 1) = 1", "is_gone IS NOT TRUE", "snowflake", "bigquery").verdict == "equivalent"
    )


def test_without_the_solver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "z3" else real(name))
    with pytest.raises(SettingsError, match="z3-solver"):
        require_z3()
    with pytest.raises(SettingsError, match="z3-solver"):
        Prover(Entity.model_validate(DEAL.model_dump()))
