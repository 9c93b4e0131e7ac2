-- Idle lanes with a waiting message wait again. Lanes being sent right now are locked and left for the next time.
UPDATE national_portal_lane SET state = 'waiting', next_try_at = %(at)s, waiting_since = found.since
  FROM (SELECT l.dossier_id, (SELECT min(m.happened_at) FROM national_portal_message m
                               WHERE m.dossier_id = l.dossier_id AND m.state = 'waiting') AS since
          FROM national_portal_lane l
         WHERE l.state = 'idle'
           AND l.dossier_id IN (SELECT m.dossier_id FROM national_portal_message m WHERE m.state = 'waiting')
           FOR UPDATE OF l SKIP LOCKED) AS found
 WHERE national_portal_lane.dossier_id = found.dossier_id
