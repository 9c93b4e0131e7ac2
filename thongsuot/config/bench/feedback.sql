-- Published tickets by the hundred thousand, spread over three years, the wards of a city and places that lie thicker in its middle.
-- One in 97 was opened again and is worked on, half of them not received yet; of these a quarter is late, a fifth of that for the second
-- time. One in 21 was at another unit before, too long.
-- parameters: %(first)s and %(last)s number of the tickets; %(city)s, %(units)s, %(categories)s, %(words)s, %(now)s
WITH made AS MATERIALIZED (
  SELECT n, (%(units)s::bigint[])[1 + (hashint8(n) & 2147483647) %% cardinality(%(units)s::bigint[])] AS unit_id,
         (%(categories)s::bigint[])[1 + (hashint8(n * 7) & 2147483647) %% cardinality(%(categories)s::bigint[])] AS category_id,
         %(now)s::timestamptz - make_interval(secs => (1095 * 86400.0) * (hashint8(n * 13) & 2147483647) / 2147483647) AS published,
         21.02 + 0.09 * (random() + random() + random() - 1.5) AS latitude,
         105.83 + 0.11 * (random() + random() + random() - 1.5) AS longitude,
         (SELECT string_agg((%(words)s::text[])[1 + floor(power(random(), 2) * cardinality(%(words)s::text[]))::int], ' ')
            FROM generate_series(1, 14) AS w WHERE n > 0) AS said,
         n %% 97 = 0 AS is_open, n %% 194 = 0 AS waits, n %% 970 = 0 AS again, n %% 20 = 0 AS masked,
         %(now)s::timestamptz + make_interval(hours => (hashint8(n * 17) & 2147483647) %% 672 - 168) AS due
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
), rows AS (
  INSERT INTO feedback_feedbackticket (city_id, number, secret, stream, category_id, urgency, channel, state, suspected, words, answers,
    latitude, longitude, address, place_unit_id, place_by, search_key, unit_id, senders, round, returns, extensions, breaches, operator_decides,
    higher_review, state_before, reported_at, routed_at, accepted_at, due_at, first_due_at, step_due_at, step_for, step_told, step_number,
    answered_at, published_at, refusal, refusal_words, masked, withheld,
    public_words, public_address, public_latitude, public_longitude, public_key)
  SELECT %(city)s, 'PA01-T-' || lpad(n::text, 8, '0'), md5(n::text), 'scene', category_id, 'normal', 'app',
    CASE WHEN waits THEN 'routed' WHEN is_open THEN 'in_progress' ELSE 'published' END, '', said, '{}', latitude, longitude, 'phố Ví Dụ', unit_id, 'map', said, unit_id, 1, 1,
    (n %% 21 = 0)::int, 0, CASE WHEN NOT is_open THEN (n %% 9 = 0)::int WHEN due >= %(now)s THEN 0 WHEN again THEN 2 ELSE 1 END,
    false, is_open, '', published - interval '5 days', published - interval '108 hours', published - interval '4 days',
    CASE WHEN is_open THEN due ELSE published + interval '9 days' END, published + interval '9 days',
    CASE WHEN waits THEN %(now)s + (due - %(now)s) / 9 END, CASE WHEN waits THEN %(now)s + (due - %(now)s) / 9 END,
    CASE WHEN NOT waits OR due >= %(now)s THEN 0 WHEN again THEN 200 ELSE 100 END, waits::int,
    CASE WHEN NOT is_open THEN published - interval '1 hour' END, published, '', '', masked, '', said, 'phố Ví Dụ',
    CASE WHEN NOT masked THEN round(latitude::numeric, 4)::float8 END, CASE WHEN NOT masked THEN round(longitude::numeric, 4)::float8 END,
    'pa01 t ' || lpad(n::text, 8, '0') || ' ' || said || ' pho vi du da xu ly xong'
  FROM made RETURNING id, unit_id, category_id, published_at, answered_at, public_latitude, public_longitude, reported_at, latitude,
    longitude, returns, routed_at, accepted_at, due_at, breaches, step_due_at, step_told
), routings AS (
  INSERT INTO feedback_routing (ticket_id, round, unit_id, because, place_by, basis, words, routed_at, due_at, accepted_at, returned_at,
    late_at, return_reason, return_words)
  SELECT id, 1, unit_id, 'place', 'map', '', '', routed_at, due_at, accepted_at, NULL, NULL, '', '' FROM rows
  UNION ALL
  SELECT id, 1, (%(units)s::bigint[])[1 + id %% cardinality(%(units)s::bigint[])], 'competence', '', '', '', reported_at,
    reported_at + interval '6 hours', NULL, routed_at, reported_at + interval '6 hours', 'not_ours', 'Không thuộc đơn vị' FROM rows
   WHERE returns > 0
), rungs AS (
  INSERT INTO feedback_escalation (ticket_id, clock, step, rung, unit_id, due_at, climbed_at)
  SELECT id, 1, '', rung, unit_id, due_at, due_at + (rung - 100) * interval '1 minute' FROM rows, unnest(ARRAY[50, 80, 100, 200]) AS rung
   WHERE breaches > rung / 200
  UNION ALL
  SELECT id, -1, 'receive', rung, unit_id, step_due_at, step_due_at + (rung - 100) * interval '1 minute'
    FROM rows, unnest(ARRAY[50, 80, 100, 200]) AS rung WHERE step_told >= rung
), answers AS (
  INSERT INTO feedback_answer (ticket_id, round, unit_id, words, done, state, written_at, decided_at, note, public_words)
  SELECT id, 1, unit_id, 'Đã xử lý xong.', true, 'approved', published_at, published_at, '', 'Đã xử lý xong.' FROM rows
), legs AS (
  INSERT INTO feedback_ticketleg (ticket_id, number, city_id, unit_id, stream, category_id, channel, place_unit_id, latitude, longitude,
    began, started_at, started_on, due_at, returned, answered_at, answered_on, answered_in_time, refusal, overdue_at, left_on, late_at,
    fault, closed_at, closed_on, in_time, index_left_on, repeated)
  SELECT id, 1, %(city)s, unit_id, 'scene', category_id, 'app', unit_id, round(latitude::numeric, 3), round(longitude::numeric, 3),
    'reported', reported_at, reported_at::date, reported_at + interval '14 days', false, answered_at, answered_at::date,
    CASE WHEN answered_at IS NOT NULL THEN id %% 9 > 0 END, '',
    CASE WHEN id %% 9 = 0 OR answered_at IS NULL THEN reported_at + interval '3 days' END,
    CASE WHEN id %% 9 = 0 OR answered_at IS NULL THEN (reported_at + interval '3 days')::date ELSE answered_at::date END,
    CASE WHEN id %% 9 = 0 OR answered_at IS NULL THEN reported_at + interval '3 days' END,
    CASE WHEN id %% 9 = 0 OR answered_at IS NULL THEN 'answer' ELSE '' END, answered_at, answered_at::date,
    CASE WHEN answered_at IS NOT NULL THEN id %% 9 > 0 END,
    CASE WHEN id %% 9 = 0 OR answered_at IS NULL THEN (reported_at + interval '3 days')::date ELSE answered_at::date END, false
  FROM rows
)
INSERT INTO feedback_publicpin (ticket_id, city_id, category_id, month, open, published_at, latitude, longitude)
SELECT id, %(city)s, category_id, date_trunc('month', published_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, answered_at IS NULL, published_at,
       public_latitude, public_longitude FROM rows
