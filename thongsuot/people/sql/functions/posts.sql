-- What a request asks about people before anything else. Functions, because planning these two took ten times as long as
-- reading: a connection keeps the plan of a function.

-- people_posts: the posts a person has on a day, own ones first, then those they stand in for. A body that has ended gives
-- nothing, whatever its appointments say; nor does one of a unit that has, which somebody forgot to end.
CREATE OR REPLACE FUNCTION people_posts(p_person bigint, p_day date)
RETURNS TABLE (title varchar, body_id bigint, body varchar, unit_id bigint, duties varchar[], point_id bigint, stands_in boolean,
               includes_signing boolean)
LANGUAGE plpgsql STABLE ROWS 2 AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT post.title, post.body_id, post.body, post.unit_id, post.duties, post.point_id, post.stands_in, post.includes_signing
    FROM (
      SELECT a.title, b.id AS body_id, b.name AS body, b.unit_id, a.duties, a.point_id, FALSE AS stands_in, TRUE AS includes_signing,
             a.valid_from, a.id
        FROM people_appointment a JOIN units_body b ON b.id = a.body_id JOIN units_unit u ON u.id = b.unit_id
       WHERE a.person_id = p_person
         AND a.valid_from <= p_day AND (a.valid_to IS NULL OR a.valid_to > p_day)
         AND b.valid_from <= p_day AND (b.valid_to IS NULL OR b.valid_to > p_day)
         AND (u.valid_to IS NULL OR u.valid_to > p_day)
      UNION ALL
      SELECT a.title, b.id, b.name, b.unit_id, a.duties, a.point_id, TRUE, d.includes_signing, a.valid_from, a.id
        FROM people_delegation d
        JOIN people_person absent ON absent.id = d.from_person_id AND absent.is_active
        JOIN people_appointment a ON a.person_id = d.from_person_id
        JOIN units_body b ON b.id = a.body_id AND b.unit_id = d.unit_id
        JOIN units_unit u ON u.id = b.unit_id
       WHERE d.to_person_id = p_person AND d.valid_from <= p_day AND d.valid_to > p_day
         AND a.valid_from <= p_day AND (a.valid_to IS NULL OR a.valid_to > p_day)
         AND b.valid_from <= p_day AND (b.valid_to IS NULL OR b.valid_to > p_day)
         AND (u.valid_to IS NULL OR u.valid_to > p_day)
         AND people_has_post(d.to_person_id, d.unit_id, p_day)
    ) post
   ORDER BY post.stands_in, post.valid_from, post.id;
END $$;

-- people_has_post: only someone with a post of their own there can stand in; it may have ended meanwhile.
CREATE OR REPLACE FUNCTION people_has_post(p_person bigint, p_unit bigint, p_day date) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM people_appointment own JOIN units_body ob ON ob.id = own.body_id
                  WHERE own.person_id = p_person AND ob.unit_id = p_unit
                    AND own.valid_from <= p_day AND (own.valid_to IS NULL OR own.valid_to > p_day))
$$;

-- people_staff_with_duty: who of a unit's own bodies, or at its points, holds the duty on a day, and who does it for them.
CREATE OR REPLACE FUNCTION people_staff_with_duty(p_duty varchar, p_unit bigint, p_day date, p_passed_on boolean)
RETURNS TABLE (id bigint, name varchar, post text, stand_in_id bigint, stand_in_name varchar)
LANGUAGE plpgsql STABLE ROWS 20 AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT p.id, p.full_name, string_agg(DISTINCT a.title || ', ' || b.name, '; '), s.id, s.full_name
    FROM people_appointment a
    JOIN units_body b ON b.id = a.body_id
    JOIN people_person p ON p.id = a.person_id AND p.is_active
    LEFT JOIN people_delegation d ON d.from_person_id = p.id AND d.unit_id = b.unit_id
         AND d.valid_from <= p_day AND d.valid_to > p_day AND (d.includes_signing OR p_passed_on)
         AND people_has_post(d.to_person_id, d.unit_id, p_day)
    LEFT JOIN people_person s ON s.id = d.to_person_id AND s.is_active
   WHERE (b.unit_id = p_unit OR a.point_id IS NOT NULL AND a.point_id IN (SELECT units_points_of(p_unit)))
     AND a.duties @> ARRAY[p_duty]
     AND a.valid_from <= p_day AND (a.valid_to IS NULL OR a.valid_to > p_day)
     AND b.valid_from <= p_day AND (b.valid_to IS NULL OR b.valid_to > p_day)
   GROUP BY p.id, s.id ORDER BY p.sort_name, p.id;
END $$;
