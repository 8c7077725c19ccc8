"""Functions that a producer's query may call: they only compute. All others are refused."""

from typing import Final

TYPED: Final = frozenset(
    """
    abs all and anonymous any any_value approx_distinct arg_max arg_min array array_agg
    array_all array_any array_concat array_contains array_contains_all array_distinct
    array_length array_max array_min array_overlaps array_size array_sort array_sum
    array_to_string avg between bitwise_and_agg bitwise_or_agg bitwise_xor_agg bool_and
    bool_or case cast cbrt ceil chr coalesce concat concat_ws contains corr cos count
    count_if covar_pop covar_samp cume_dist current_date current_time current_timestamp
    date date_add date_bin date_diff date_sub date_trunc datediff datetime_trunc day
    day_of_month day_of_week day_of_week_iso day_of_year dense_rank e ends_with exists exp
    explode extract filter first first_value floor greatest group_concat hour if in
    initcap is_inf is_nan json_array_length json_extract json_extract_scalar json_keys
    json_type kurtosis lag last last_day last_value lead least left length levenshtein
    list ln log logical_and logical_or lower lpad ltrim map_keys max md5 median min minute
    mod mode month nth_value ntile nullif or pad parse_json percent_rank percentile_cont
    percentile_disc pi pow power quantile quarter rank regexp_count regexp_extract
    regexp_extract_all regexp_full_match regexp_i_like regexp_like regexp_replace
    regexp_split replace reverse right round row_number rpad rtrim safe_divide second sha
    sha2 sign sin skewness slice sort_array split split_part sqrt starts_with stddev
    stddev_pop stddev_samp str_position str_to_date str_to_time str_to_unix strftime
    struct struct_extract substring sum tan time time_diff time_to_str time_to_unix
    timestamp timestamp_diff timestamp_trunc to_days translate trim trunc try_cast
    ts_or_ds_to_date ts_or_ds_to_timestamp unix_seconds unix_to_time unnest upper var_map
    variance variance_pop week week_of_year width_bucket xor year
    """.split()  # noqa: SIM905 - words read best as words
)
"""Those that sqlglot knows, by its canonical name in lower case."""

ANONYMOUS: Final = frozenset(
    """
    age bit_count cardinality century dayname decade element_at entropy epoch_ms epoch_ns
    epoch_us even favg fmod fsum gcd geomean hamming hash isfinite isodow isoyear jaccard
    json_exists json_valid julian kahan_sum lcm len list_aggregate list_any_value list_avg
    list_count list_first list_last list_max list_median list_min list_sum list_unique
    list_value mad make_date make_time make_timestamp map_contains map_values microsecond
    millennium millisecond monthname nfc_normalize now ord prefix product regr_intercept
    regr_r2 regr_slope sem strip_accents strptime suffix to_hours to_minutes to_months
    to_seconds to_weeks to_years today try_strptime unicode weekday weekofyear yearweek
    """.split()  # noqa: SIM905 - words read best as words
)
"""Those of DuckDB that sqlglot does not know, by the name in the query."""
