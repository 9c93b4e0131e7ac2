-- The next number of a series and the instant it counts as given: instants rise with numbers even when two callers' clocks disagree.
-- Locks the series' row until the transaction ends: call it as late as possible.
CREATE OR REPLACE FUNCTION numbering_next(
  p_kind text, p_unit_id bigint, p_bucket text, p_at timestamptz, OUT number bigint, OUT given_at timestamptz
) LANGUAGE sql AS $$
  INSERT INTO numbering_series AS series (kind, unit_id, bucket, last, last_at) VALUES (p_kind, p_unit_id, p_bucket, 1, p_at)
  ON CONFLICT (kind, unit_id, bucket) DO UPDATE
     SET last = series.last + 1, last_at = greatest(series.last_at + interval '1 microsecond', excluded.last_at)
  RETURNING last, last_at
$$;
