"""Random conditions as text, and rows to try them on."""

from hypothesis import strategies as st

NUMBERS = st.sampled_from(["0", "1", "5", "9.5", "10", "20", "-3"])
TEXTS = st.sampled_from(["'open'", "'won'", "'lost'"])
DAYS = st.sampled_from(["DATE '2026-01-01'", "CAST('2026-03-01' AS DATE)", "due_date", "CAST(made_at AS DATE)"])
COMPARISONS = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])


def _numbers() -> st.SearchStrategy[str]:
    column = st.sampled_from(["size", "seats"])
    return st.one_of(
        column,
        st.builds("COALESCE({}, {})".format, column, NUMBERS),
        st.builds("ABS({})".format, column),
        st.builds("NULLIF({}, {})".format, column, NUMBERS),
        st.builds("({} {} {})".format, column, st.sampled_from(["+", "-", "*"]), column),
        st.just("LENGTH(stage)"),
    )


def _texts() -> st.SearchStrategy[str]:
    return st.sampled_from(["stage", "LOWER(stage)", "UPPER(stage)", "COALESCE(stage, 'open')", "NULLIF(stage, 'won')"])


def _booleans() -> st.SearchStrategy[str]:
    return st.sampled_from(["is_gone", "is_key", "TRUE", "FALSE", "COALESCE(is_gone, is_key)"])


def _atoms() -> st.SearchStrategy[str]:
    negation = st.sampled_from(["", "NOT "])
    anything = st.one_of(_numbers(), _texts(), _booleans(), st.sampled_from(["due_date", "made_at"]))
    return st.one_of(
        _booleans(),
        st.builds("{} {} {}".format, _numbers(), COMPARISONS, st.one_of(NUMBERS, _numbers())),
        st.builds("{} {} {}".format, st.just("stage"), COMPARISONS, TEXTS),
        st.builds("{} {} {}".format, DAYS, COMPARISONS, DAYS),
        st.builds("{} IS {}NULL".format, anything, negation),
        st.builds("{} IS {}{}".format, _booleans(), negation, st.sampled_from(["TRUE", "FALSE"])),
        st.builds("{} {}IN ({}, {})".format, _numbers(), negation, NUMBERS, NUMBERS),
        st.builds("stage {}IN ({}, {})".format, negation, TEXTS, TEXTS),
        st.builds("{} {}BETWEEN {} AND {}".format, _numbers(), negation, NUMBERS, NUMBERS),
        st.builds("stage {}LIKE {}".format, negation, st.sampled_from(["'%o%'", "'w_n'", "'open'", "''"])),
        st.builds("{} {} {}".format, _booleans(), st.sampled_from(["=", "<>"]), _booleans()),
    )


def conditions() -> st.SearchStrategy[str]:
    """Conditions over the entity `deal` of conftest, as a person would type them."""
    return st.recursive(
        _atoms(),
        lambda inner: st.one_of(
            st.builds("{} AND {}".format, inner, inner),
            st.builds("{} OR {}".format, inner, inner),
            st.builds("NOT ({})".format, inner),
            st.builds("({})".format, inner),
            st.builds("({}) IS {}TRUE".format, inner, st.sampled_from(["", "NOT "])),
            st.builds("({}) IS {}FALSE".format, inner, st.sampled_from(["", "NOT "])),
            st.builds("({}) IS NULL".format, inner),
            st.builds("({}) = ({})".format, inner, inner),
        ),
        max_leaves=8,
    )


# Every combination of a few values, NULL among them: what a condition says of these shows its meaning.
ROWS = """
    select stage, size, seats, is_gone, is_key, due_date, made_at
    from (values ('open'), ('won'), ('lost'), (cast(null as varchar))) as stages (stage)
    cross join (
        values (cast(0 as decimal(18, 2))), (9.50), (10), (20), (cast(null as decimal(18, 2)))
    ) as sizes (size)
    cross join (values (1), (-3), (cast(null as bigint))) as counts (seats)
    cross join (values (true), (false), (cast(null as boolean))) as gone (is_gone)
    cross join (values (true), (false), (cast(null as boolean))) as keys (is_key)
    cross join (
        values
            (date '2026-01-01', timestamp '2026-01-01 23:59:59'),
            (date '2026-03-01', timestamp '2026-02-28 00:00:00'),
            (cast(null as date), cast(null as timestamp))
    ) as days (due_date, made_at)
"""
