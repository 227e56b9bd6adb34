{{ config(materialized='view') }}

-- What earlier runs published, of those that led to the version that is current now.
{{ state_rows('metric_results', {
    'metric': dbt.type_string(),
    'basis': dbt.type_string(),
    'period_key': dbt.type_string(),
    'slice_type': dbt.type_string(),
    'slice_name': dbt.type_string(),
    'run_id': dbt.type_string(),
    'metric_name': dbt.type_string(),
    'term': dbt.type_string(),
    'version': dbt.type_int(),
    'definitions': dbt.type_string(),
    'unit': dbt.type_string(),
    'additivity': dbt.type_string(),
    'currency_code': dbt.type_string(),
    'metric_value': type_decimal(20, 4),
    'numerator_value': type_decimal(20, 2),
    'denominator_value': type_decimal(20, 2),
    'record_count': dbt.type_int(),
    'rate_missing_count': dbt.type_int(),
    'unknown_count': dbt.type_int(),
    'is_withdrawn': dbt.type_boolean(),
    'as_of_date': 'date',
}) }}
