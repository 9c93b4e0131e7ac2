-- indicators_minutes_before: working minutes before an instant since Monday 2000-01-03; only differences mean something.
-- The same arithmetic as kernel.working_time.WorkingCalendar.time_before, for counting over many rows.
--
-- p_off      working weekdays that are off, sorted
-- p_worked   Saturdays and Sundays that are worked, sorted
-- p_shifts   minutes since midnight: {starts, ends, starts, ends}
CREATE OR REPLACE FUNCTION indicators_minutes_before(p_at timestamptz, p_off date[], p_worked date[], p_shifts int[])
RETURNS int LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT ((weeks * 5 + least(rest, 5) - width_bucket(day - 1, p_off) + width_bucket(day - 1, p_worked))
          * (p_shifts[2] - p_shifts[1] + p_shifts[4] - p_shifts[3])
         + CASE WHEN day = ANY(p_worked) OR (rest < 5 AND NOT day = ANY(p_off)) THEN
             greatest(0, least(minute, p_shifts[2]) - p_shifts[1]) + greatest(0, least(minute, p_shifts[4]) - p_shifts[3])
           ELSE 0 END)::int
  FROM (SELECT local::date AS day, (local::date - date '2000-01-03') / 7 AS weeks, (local::date - date '2000-01-03') % 7 AS rest,
               (extract(hour FROM local) * 60 + extract(minute FROM local))::int AS minute
          FROM (SELECT p_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS local) AS a) AS b
$$;
