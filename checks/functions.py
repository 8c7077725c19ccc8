"""What a producer's query may call and cast to: it only computes. All else is refused."""

from collections.abc import Mapping
from typing import Final

from sqlglot import exp

from checks.dataset import Dialect

_TYPED: Final = frozenset(
    """
    abs all and anonymous any any_value approx_distinct arg_max arg_min array
    array_agg array_all array_any array_concat array_contains array_contains_all
    array_distinct array_length array_max array_min array_overlaps array_size
    array_sort array_sum array_to_string avg between bit_length bitwise_and_agg
    bitwise_or_agg bitwise_xor_agg bool_and bool_or case cast cbrt ceil chr coalesce
    concat concat_ws contains corr cos count count_if covar_pop covar_samp cume_dist
    current_date current_time current_timestamp date date_add date_bin date_diff
    date_from_parts date_sub date_trunc datediff datetime_trunc day day_of_month
    day_of_week day_of_week_iso day_of_year dayname dayofweek_iso dense_rank e
    ends_with exists exp explode extract filter first first_value floor greatest
    group_concat hour if in initcap is_inf is_nan json_array_length json_extract
    json_extract_scalar json_keys json_type kurtosis lag last last_day last_value lead
    least left length list ln log logical_and logical_or lower lpad ltrim map_keys max
    md5 median min minute mod mode month monthname nth_value ntile nullif or pad
    parse_json percent_rank percentile_cont percentile_disc pi pow power quantile
    quarter rank regexp_count regexp_extract regexp_extract_all regexp_full_match
    regexp_i_like regexp_like regexp_replace regexp_split replace reverse right round
    row_number rpad rtrim safe_divide second sha sha2 sign sin skewness slice
    sort_array split split_part sqrt starts_with stddev stddev_pop stddev_samp
    str_position str_to_date str_to_time str_to_unix strftime struct struct_extract
    substring sum tan time time_diff time_to_str time_to_unix timestamp timestamp_diff
    timestamp_from_parts timestamp_trunc to_days translate trim trunc try_cast
    ts_or_ds_to_date ts_or_ds_to_timestamp unix_seconds unix_to_time unnest upper
    var_map variance variance_pop week week_of_year width_bucket xor year
    """.split()  # noqa: SIM905 - words read best as words
)
_TYPED_POSTGRES: Final = frozenset(
    """
    acos acosh ascii asin asinh atan atan2 atanh collate cosh cot decode degrees
    encode factorial format grouping j_s_o_n_array_agg j_s_o_n_b_contains_all_top_keys
    j_s_o_n_b_contains_any_top_keys j_s_o_n_b_object_agg j_s_o_n_object_agg
    jsonb_contains jsonb_exists jsonb_extract jsonb_extract_scalar justify_days
    justify_hours justify_interval localtime localtimestamp make_interval
    overlay radians regexp_instr regr_avgx regr_avgy regr_count regr_intercept regr_r2
    regr_slope regr_sxx regr_sxy regr_syy sinh string_to_array tanh
    timestamp_from_parts to_number
    """.split()  # noqa: SIM905 - see above
)
TYPED: Final[Mapping[Dialect, frozenset[str]]] = {
    Dialect.DUCKDB: _TYPED,
    Dialect.POSTGRES: _TYPED | _TYPED_POSTGRES,
}
"""Functions that sqlglot knows, by its canonical name in lower case."""

_ANONYMOUS: Final = frozenset(
    """
    age bit_count cardinality century date_part dayname decade element_at entropy
    epoch_ms epoch_ns epoch_us even favg fmod fsum gcd geomean hash isfinite isodow
    isoyear json_array_length json_exists json_valid julian kahan_sum lcm len
    list_aggregate list_any_value list_avg list_distinct list_count list_first list_last list_max
    list_median list_min list_sum list_unique list_value mad make_date make_time
    make_timestamp map_contains map_values microsecond millennium millisecond
    monthname now ord prefix product regr_intercept regr_r2 regr_slope
    sem strip_accents strptime suffix to_hours to_minutes to_months to_seconds
    to_weeks to_years today try_strptime unicode weekday weekofyear yearweek
    """.split()  # noqa: SIM905 - words read best as words
)
_ANONYMOUS_POSTGRES: Final = frozenset(
    """
    acosd age array_ndims array_position array_positions array_remove array_replace
    array_upper asind atan2d atand bit_and bit_count bit_length bit_or bit_xor btrim
    cardinality cosd cotd div every gcd isfinite json_agg json_array_elements
    json_array_elements_text json_array_length json_build_array json_build_object
    json_object_keys json_typeof jsonb_agg jsonb_array_elements
    jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object
    jsonb_object_keys jsonb_typeof lcm make_date make_time make_timestamptz min_scale
    num_nonnulls num_nulls octet_length regexp_match regexp_matches
    regexp_split_to_array regexp_substr row row_to_json scale sha224 sind
    statement_timestamp tand to_json to_jsonb transaction_timestamp trim_array
    trim_scale
    """.split()  # noqa: SIM905 - see above
)
ANONYMOUS: Final[Mapping[Dialect, frozenset[str]]] = {
    Dialect.DUCKDB: _ANONYMOUS,
    Dialect.POSTGRES: _ANONYMOUS_POSTGRES,
}
"""Functions that sqlglot does not know, by the name in the query."""

_T: Final = exp.DataType.Type
TYPES: Final = frozenset(
    {
        _T.ARRAY, _T.BIGINT, _T.BIT, _T.BOOLEAN, _T.BPCHAR, _T.CHAR, _T.DATE, _T.DECIMAL,
        _T.DOUBLE, _T.FLOAT, _T.INET, _T.INT, _T.INTERVAL, _T.JSON, _T.JSONB, _T.MONEY,
        _T.SMALLINT, _T.TEXT, _T.TIME, _T.TIMESTAMP, _T.TIMESTAMPTZ, _T.TIMETZ, _T.UUID,
        _T.VARBINARY, _T.VARCHAR,
    }
)  # fmt: skip
"""PostgreSQL's types that stand for nothing but their values: ``regclass`` stands for a table."""
