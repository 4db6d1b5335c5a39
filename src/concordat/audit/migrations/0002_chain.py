"""The function that writes the journal, the one that verifies it, and who may read it."""

from django.db import migrations

SQL = """
INSERT INTO audit_chain_head (lane, seq, hash)
SELECT lane, 0, sha256(convert_to('concordat journal lane ' || lane, 'UTF8'))
FROM generate_series(0, 7) AS lane;

CREATE FUNCTION concordat.journal_digest(previous bytea, entry public.audit_entry) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        entry.id, (extract(epoch FROM entry.recorded_at) * 1000000)::bigint, entry.lane, entry.seq,
        entry.operation, entry.action, entry.person_id, entry.person_name, entry.organisation_id,
        entry.roles, entry.purpose, entry.reason, entry.details, entry.subjects)::text, 'UTF8'))
$$;

-- Appends one entry to the first lane that is free, beginning with this connection's own, so that
-- a transaction never waits for a lane while it holds another.
CREATE FUNCTION concordat.journal(
    entry_id uuid, operation text, action text, person_name text, reason text,
    details jsonb, subjects jsonb,
    OUT lane smallint, OUT seq bigint, OUT hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    claims text[] := concordat.actor_claims();
    own_lane integer := pg_backend_pid() % 8;
    head public.audit_chain_head;
    entry public.audit_entry;
BEGIN
    IF claims IS NULL THEN
        RAISE EXCEPTION 'no valid actor: nothing is journalled and nothing may be done';
    END IF;
    SELECT * INTO head FROM public.audit_chain_head h
    WHERE h.lane = own_lane FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        SELECT * INTO head FROM public.audit_chain_head h LIMIT 1 FOR UPDATE SKIP LOCKED;
    END IF;
    IF NOT FOUND THEN
        SELECT * INTO head FROM public.audit_chain_head h WHERE h.lane = own_lane FOR UPDATE;
    END IF;
    entry.id := entry_id;
    entry.recorded_at := clock_timestamp();
    entry.lane := head.lane;
    entry.seq := head.seq + 1;
    entry.operation := operation;
    entry.action := action;
    entry.person_id := nullif(claims[1], '')::uuid;
    entry.person_name := person_name;
    entry.organisation_id := claims[2]::integer;
    entry.roles := string_to_array(claims[3], ',');
    entry.purpose := claims[4];
    entry.reason := reason;
    entry.details := details;
    entry.subjects := subjects;
    entry.previous_hash := head.hash;
    entry.hash := concordat.journal_digest(head.hash, entry);
    INSERT INTO public.audit_entry VALUES (entry.*);
    INSERT INTO public.audit_subject (entry_id, kind, subject_id, owner_id, organisation_id)
    SELECT entry.id, s ->> 0, (s ->> 1)::uuid, (s ->> 2)::integer, entry.organisation_id
    FROM jsonb_array_elements(subjects) WITH ORDINALITY AS listed (s, position)
    ORDER BY position;
    UPDATE public.audit_chain_head h SET seq = entry.seq, hash = entry.hash
    WHERE h.lane = entry.lane;
    lane := entry.lane;
    seq := entry.seq;
    hash := entry.hash;
END
$$;

-- How many entries there are, and the first broken link in the order of writing, if any.
CREATE FUNCTION concordat.journal_verify(OUT entries bigint, OUT broken uuid, OUT problem text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT coalesce(concordat.actor_roles() && ARRAY['system', 'auditor'], false) THEN
        RAISE EXCEPTION 'verifying the journal needs the role of auditor';
    END IF;
    SELECT count(*) INTO entries FROM public.audit_entry;
    SELECT link.id, CASE
            WHEN link.seq <> link.expected_seq THEN
                format('entry %s of lane %s does not follow entry %s: something was removed',
                       link.seq, link.lane, link.expected_seq - 1)
            WHEN link.previous_hash <> link.expected_previous THEN
                format('entry %s of lane %s does not continue the entry before it',
                       link.seq, link.lane)
            WHEN link.hash <> link.digest THEN
                format('entry %s of lane %s was altered', link.seq, link.lane)
            ELSE format('the subjects of entry %s of lane %s were altered', link.seq, link.lane)
        END
    INTO broken, problem
    FROM (
        SELECT e.id, e.lane, e.seq, e.recorded_at, e.previous_hash, e.hash,
               concordat.journal_digest(e.previous_hash, e) AS digest,
               coalesce(lag(e.seq) OVER lane, 0) + 1 AS expected_seq,
               coalesce(lag(e.hash) OVER lane,
                        sha256(convert_to('concordat journal lane ' || e.lane, 'UTF8')))
                   AS expected_previous,
               e.subjects,
               coalesce((SELECT jsonb_agg(jsonb_build_array(s.kind, s.subject_id, s.owner_id)
                                          ORDER BY s.id)
                                FILTER (WHERE s.organisation_id = e.organisation_id)
                         FROM public.audit_subject s WHERE s.entry_id = e.id), '[]')
                   AS subject_rows
        FROM public.audit_entry e
        WINDOW lane AS (PARTITION BY e.lane ORDER BY e.seq)
    ) AS link
    WHERE link.seq <> link.expected_seq
       OR link.previous_hash <> link.expected_previous
       OR link.hash <> link.digest
       OR link.subject_rows <> link.subjects
    ORDER BY link.recorded_at, link.lane, link.seq
    LIMIT 1;
    IF problem IS NULL THEN
        SELECT NULL, format('lane %s ends before its head: its last entries were removed', h.lane)
        INTO broken, problem
        FROM public.audit_chain_head h
        LEFT JOIN LATERAL (SELECT e.seq, e.hash FROM public.audit_entry e
                           WHERE e.lane = h.lane ORDER BY e.seq DESC LIMIT 1) AS last ON true
        WHERE h.seq <> coalesce(last.seq, 0) OR (h.seq > 0 AND h.hash <> last.hash)
        ORDER BY h.lane LIMIT 1;
    END IF;
    problem := coalesce(problem, '');
END
$$;

-- The hashes of these entries, for whoever may verify: an auditor verifies entries of every force,
-- also those whose content the row policies don't show them.
CREATE FUNCTION concordat.journal_hashes(lanes smallint[], seqs bigint[])
RETURNS TABLE (lane smallint, seq bigint, id uuid, hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.lane, e.seq, e.id, e.hash
    FROM public.audit_entry e
    JOIN unnest(lanes, seqs) AS wanted (lane, seq) ON wanted.lane = e.lane AND wanted.seq = e.seq
    WHERE concordat.actor_roles() && ARRAY['system', 'auditor']
$$;

REVOKE ALL ON FUNCTION concordat.journal_verify() FROM PUBLIC;
REVOKE ALL ON FUNCTION concordat.journal_hashes(smallint[], bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION concordat.journal(uuid, text, text, text, text, jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.journal_verify() TO concordat_app;
GRANT EXECUTE ON FUNCTION concordat.journal_hashes(smallint[], bigint[]) TO concordat_app;
GRANT EXECUTE ON FUNCTION concordat.journal(uuid, text, text, text, text, jsonb, jsonb)
    TO concordat_app;

-- The serving role writes through the function alone, and reads what its actor may read.
GRANT SELECT ON audit_entry, audit_subject TO concordat_app;

ALTER TABLE audit_subject ENABLE ROW LEVEL SECURITY;
CREATE POLICY auditors_read ON audit_subject FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_roles()) && ARRAY['system']
    OR ((SELECT concordat.actor_roles()) && ARRAY['auditor']
        AND (owner_id = (SELECT concordat.actor_organisation())
             OR organisation_id = (SELECT concordat.actor_organisation()))));

ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY auditors_read ON audit_entry FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_roles()) && ARRAY['system']
    OR ((SELECT concordat.actor_roles()) && ARRAY['auditor']
        AND (organisation_id = (SELECT concordat.actor_organisation())
             OR EXISTS (SELECT FROM audit_subject s WHERE s.entry_id = audit_entry.id
                        AND s.owner_id = (SELECT concordat.actor_organisation())))));
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("base", "0001_actor")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
