"""What engines do differently, as far as it was tested or stands in their manuals; what is not here is unknown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One engine, named as sqlglot names its dialect.

    `binary_text`: texts are equal only when every character is. `escape`: the character that takes the
    meaning from the next one in LIKE, `None` for no such character. `days_between_dates`: date - date is a whole number
    of days. `number_of_days`: date + 7 is seven days later. `boolean_numbers`: a boolean compares with 0 and 1.
    `ignores_nulls`: GREATEST and LEAST leave NULL out.
    """

    name: str
    binary_text: bool = True
    escape: str | None = None
    days_between_dates: bool = False
    number_of_days: bool = False
    boolean_numbers: bool = False
    ignores_nulls: bool | None = None


_PROFILES = {
    profile.name: profile
    for profile in (
        Profile("duckdb", days_between_dates=True, number_of_days=True, boolean_numbers=True, ignores_nulls=True),
        Profile("postgres", escape="\\", days_between_dates=True, number_of_days=True, ignores_nulls=True),
        Profile("redshift", escape="\\", number_of_days=True, ignores_nulls=True),
        Profile("snowflake", days_between_dates=True, number_of_days=True, ignores_nulls=False),
        Profile("bigquery", escape="\\", ignores_nulls=False),
        Profile("databricks", escape="\\", ignores_nulls=True),
        Profile("spark", escape="\\", ignores_nulls=True),
        Profile("trino", ignores_nulls=False),
    )
}


def profile(dialect: str) -> Profile:
    """The profile of a dialect. One that nobody tested promises nothing: its texts may ignore case."""
    return _PROFILES.get(dialect, Profile(dialect, binary_text=False))
