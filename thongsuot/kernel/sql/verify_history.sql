-- One row per event whose number or hash does not follow from the event before it.
-- returns: id bigint, subject text, subject_id bigint, number int, fault text
SELECT id, subject, subject_id, number,
       CASE WHEN number <> place THEN 'missing' ELSE 'changed' END AS fault
  FROM (
    SELECT *, row_number() OVER w AS place, lag(hash) OVER w AS hash_before
      FROM kernel_event WINDOW w AS (PARTITION BY subject, subject_id ORDER BY number)
  ) AS e
 WHERE number <> place
    OR hash <> kernel_event_hash(coalesce(hash_before, '\x'), subject, subject_id, number, name, at, recorded_at,
                                 actor_id, actor_name, actor_post, via, unit_id, facts)
 ORDER BY id
