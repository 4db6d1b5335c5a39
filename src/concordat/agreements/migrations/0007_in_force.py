"""What opens, and closes again: PostgreSQL checks signatures and writes grants by itself.

Grants come from `concordat.approve_agreement` alone. It reads what was signed, never what it is told.
"""

from django.db import migrations

# The same as `agreements.rules.digest`: a test holds both together.
DIGEST = """
CREATE FUNCTION concordat.canonical(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE jsonb_typeof(value)
        WHEN 'object' THEN '{' || coalesce((
            SELECT string_agg(to_json(e.key)::text || ':' || concordat.canonical(e.value), ','
                              ORDER BY e.key COLLATE "C")
            FROM jsonb_each(value) e), '') || '}'
        WHEN 'array' THEN '[' || coalesce((
            SELECT string_agg(concordat.canonical(e.value), ',' ORDER BY e.place)
            FROM jsonb_array_elements(value) WITH ORDINALITY AS e (value, place)), '') || ']'
        ELSE value::text END
$$;
CREATE FUNCTION concordat.digest_of(terms jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT encode(sha256(convert_to(concordat.canonical(terms), 'UTF8')), 'hex') $$;
"""

# The same as `agreements.rules.required_signatures`: a test holds both together.
REQUIRED = """
-- Who must sign an agreement of this form today; a NULL where nobody is on record who could.
CREATE FUNCTION concordat.required_signatories(form text, parties integer[])
RETURNS TABLE (body integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT needed.body
    FROM public.organisations_organisation o
    CROSS JOIN LATERAL (
        SELECT o.id
        WHERE o.kind IN ('policing_body', 'fire_authority')
           OR (o.kind = 'force' AND form <> 'section_22a_policing')
        UNION ALL
        SELECT coalesce(
            (SELECT v.body FROM concordat.overseers(o.id) v WHERE v.kind = 'fire_authority' LIMIT 1),
            (SELECT v.body FROM concordat.overseers(o.id) v WHERE v.kind = 'policing_body' LIMIT 1))
        WHERE o.kind = 'fire_service'
        UNION ALL
        SELECT (SELECT v.body FROM concordat.overseers(o.id) v
                WHERE v.kind = 'policing_body' LIMIT 1)
        WHERE o.kind = 'force' AND form IN ('section_22a', 'section_22a_policing',
            'section_22a_both', 'emergency_services', 'memorandum')
    ) AS needed (body)
    WHERE o.id = ANY (parties)
$$;

-- Signatures are asked for and given while a version is proposed: in its present round, of its
-- present text, and of those who must sign.
CREATE FUNCTION concordat.guard_signatory() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asked public.agreements_agreement;
BEGIN
    SELECT * INTO asked FROM public.agreements_agreement WHERE id = NEW.agreement_id;
    IF current_user = 'concordat_app' AND (
        (asked.state, asked.round) IS DISTINCT FROM ('proposed', NEW.round)
        OR NEW.digest NOT IN (asked.digest, '')
        OR NOT EXISTS (SELECT FROM concordat.required_signatories(asked.kind, asked.party_ids) r
                       WHERE r.body = NEW.organisation_id))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'not to be signed, not now or not by them';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_signatory BEFORE INSERT OR UPDATE ON agreements_signatory
    FOR EACH ROW EXECUTE FUNCTION concordat.guard_signatory();
"""

APPROVE = """
-- Puts a proposed version into force: only when every body that was asked has signed this very
-- text, and everybody was asked whom its form and parties need today. Returns how many grants there
-- now are. The version before ends where this one begins.
CREATE FUNCTION concordat.approve_agreement(wanted uuid, starts date, ends date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    agreed public.agreements_agreement;
    takes_over date := greatest(starts, concordat.today());
    first_day date;
    last_day date;
    begins timestamptz := starts::timestamp AT TIME ZONE 'Europe/London';
    closes timestamptz := ends::timestamp AT TIME ZONE 'Europe/London';
    written bigint;
BEGIN
    SELECT * INTO agreed FROM public.agreements_agreement WHERE id = wanted FOR UPDATE;
    IF agreed.state IS DISTINCT FROM 'proposed' THEN
        RAISE EXCEPTION 'only a proposal is approved';
    END IF;
    first_day := greatest(concordat.today(), (agreed.terms ->> 'starts_on')::date);
    last_day := (agreed.terms ->> 'ends_on')::date;
    IF NOT concordat.holds('system') AND (
        NOT concordat.holds('signatory')
        OR NOT EXISTS (SELECT FROM public.agreements_signatory s WHERE s.agreement_id = wanted
                       AND s.round = agreed.round
                       AND s.organisation_id = concordat.actor_organisation())
        OR (starts, ends) IS DISTINCT FROM (first_day, last_day))
       OR coalesce(ends, 'infinity') > last_day
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a signatory approves, as the text says';
    END IF;
    IF (agreed.digest, agreed.reference, agreed.kind, agreed.party_ids) IS DISTINCT FROM (
        concordat.digest_of(agreed.terms), agreed.terms ->> 'reference', agreed.terms ->> 'kind', (
            SELECT array_agg(o.id ORDER BY o.id) FROM public.organisations_organisation o
            WHERE o.code IN (SELECT jsonb_array_elements_text(agreed.terms -> 'parties'))))
    THEN
        RAISE EXCEPTION 'what was proposed is not the text';
    END IF;
    IF EXISTS (SELECT FROM public.agreements_signatory s
               WHERE s.agreement_id = wanted AND s.round = agreed.round
               AND (s.decision, s.digest) IS DISTINCT FROM ('approved', agreed.digest))
       OR EXISTS (SELECT FROM concordat.required_signatories(agreed.kind, agreed.party_ids) needed
                  WHERE NOT EXISTS (
                      SELECT FROM public.agreements_signatory s WHERE s.agreement_id = wanted
                      AND s.round = agreed.round AND s.organisation_id = needed.body))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'not every body has signed';
    END IF;
    IF jsonb_array_length(agreed.terms -> 'sharing') > 0
       AND agreed.kind IN ('memorandum', 'section_22a_policing')
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'this form opens no records';
    END IF;
    IF EXISTS (SELECT FROM public.agreements_party p
               JOIN public.agreements_agreement a ON a.id = p.agreement_id
               WHERE a.reference = agreed.reference AND a.id <> wanted
               AND a.state IN ('approved', 'notice', 'varied')
               AND coalesce(a.ends_on > takes_over, true)
               AND p.left_on IS NULL AND p.organisation_id <> ALL (agreed.party_ids))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'a party stays until it leaves by itself';
    END IF;

    INSERT INTO public.agreements_party (agreement_id, organisation_id)
    SELECT wanted, party FROM unnest(agreed.party_ids) AS party;
    INSERT INTO public.agreements_sharing_clause (agreement_id, number, kind, level, roles,
        purposes, lawful_basis, assessment, contact, with_fire)
    SELECT wanted, line.number, k.kind, line.clause ->> 'level',
           ARRAY(SELECT jsonb_array_elements_text(line.clause -> 'roles')),
           ARRAY(SELECT jsonb_array_elements_text(line.clause -> 'purposes')),
           line.clause ->> 'lawful_basis', line.clause ->> 'assessment',
           line.clause ->> 'contact', coalesce((line.clause ->> 'with_fire')::boolean, false)
    FROM jsonb_array_elements(agreed.terms -> 'sharing') WITH ORDINALITY AS line (clause, number)
    JOIN concordat.shareable_kinds() k ON k.code = line.clause ->> 'kind';
    INSERT INTO public.access_grant (id, agreement_id, agreement_version, clause, owner_id,
        recipient_id, kind, level, roles, purposes, valid)
    SELECT concordat.new_id(), wanted, agreed.version, c.number, owner.id, recipient.id, c.kind,
           c.level, c.roles, c.purposes, tstzrange(begins, closes)
    FROM public.agreements_sharing_clause c
    JOIN public.organisations_organisation owner
        ON owner.id = ANY (agreed.party_ids) AND owner.kind = 'force'
    JOIN public.organisations_organisation recipient
        ON recipient.id = ANY (agreed.party_ids) AND recipient.id <> owner.id
        AND (recipient.kind = 'force' OR (recipient.kind = 'fire_service' AND c.with_fire))
    WHERE c.agreement_id = wanted AND c.level IN ('full', 'pointer');
    GET DIAGNOSTICS written = ROW_COUNT;

    UPDATE public.agreements_agreement a
    SET state = 'varied', ends_on = greatest(a.starts_on, takes_over)
    WHERE a.reference = agreed.reference AND a.id <> wanted
      AND a.state IN ('approved', 'notice', 'varied') AND coalesce(a.ends_on > takes_over, true);
    UPDATE public.agreements_agreement
    SET state = 'approved', starts_on = starts, ends_on = ends WHERE id = wanted;
    RETURN written;
END
$$;
"""

LEAVE = """
-- Whatever gives an agreement an end closes its grants then, by whichever statement it came.
CREATE FUNCTION concordat.close_grants() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.access_grant
    SET valid = valid * tstzrange(NULL, greatest(
        NEW.ends_on::timestamp AT TIME ZONE 'Europe/London', statement_timestamp()))
    WHERE agreement_id = NEW.id AND retired_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER close_grants AFTER UPDATE ON agreements_agreement FOR EACH ROW
    WHEN (NEW.ends_on IS NOT NULL AND NEW.ends_on IS DISTINCT FROM OLD.ends_on)
    EXECUTE FUNCTION concordat.close_grants();

CREATE OR REPLACE FUNCTION concordat.end_grants(agreement uuid, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ended bigint;
BEGIN
    IF NOT concordat.holds('system')
       AND NOT (concordat.holds('programme', 'signatory') AND concordat.decides(agreement))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a party ends an agreement';
    END IF;
    UPDATE public.access_grant
    SET valid = valid * tstzrange(NULL, greatest(moment, statement_timestamp()))
    WHERE agreement_id = agreement AND retired_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;

-- One party goes on a day, at once if it is today; what the others have among themselves stays.
CREATE FUNCTION concordat.party_leaves(wanted uuid, leaving integer, day date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first_day date := greatest(day, concordat.today());
    moment timestamptz := greatest(first_day::timestamp AT TIME ZONE 'Europe/London',
                                   statement_timestamp());
    closed bigint;
BEGIN
    IF NOT concordat.holds('system')
       AND NOT (concordat.holds('programme', 'signatory') AND concordat.speaks_for(leaving))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a party itself leaves';
    END IF;
    UPDATE public.agreements_party SET left_on = first_day
    WHERE agreement_id = wanted AND organisation_id = leaving
      AND (left_on IS NULL OR left_on > first_day);
    UPDATE public.access_grant
    SET valid = valid * tstzrange(NULL, moment)
    WHERE agreement_id = wanted AND retired_at IS NULL AND leaving IN (owner_id, recipient_id);
    GET DIAGNOSTICS closed = ROW_COUNT;
    RETURN closed;
END
$$;

-- A successor takes a party's place from this moment on, on the same clauses.
CREATE FUNCTION concordat.party_succeeds(wanted uuid, old integer, new integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moment timestamptz := statement_timestamp();
    day date := concordat.today();
    moved bigint;
BEGIN
    IF NOT concordat.holds('system') OR NOT EXISTS (
        SELECT FROM public.organisations_organisation o WHERE o.id = old AND o.successor_id = new)
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a successor takes a party''s place';
    END IF;
    INSERT INTO public.agreements_party (agreement_id, organisation_id, successor_of_id)
    SELECT wanted, new, p.id FROM public.agreements_party p
    WHERE p.agreement_id = wanted AND p.organisation_id = old AND p.left_on IS NULL;
    INSERT INTO public.access_grant (id, agreement_id, agreement_version, clause, owner_id,
        recipient_id, kind, level, roles, purposes, valid)
    SELECT concordat.new_id(), g.agreement_id, g.agreement_version, g.clause,
           CASE g.owner_id WHEN old THEN new ELSE g.owner_id END,
           CASE g.recipient_id WHEN old THEN new ELSE g.recipient_id END,
           g.kind, g.level, g.roles, g.purposes, g.valid * tstzrange(moment, NULL)
    FROM public.access_grant g
    WHERE g.agreement_id = wanted AND g.retired_at IS NULL AND old IN (g.owner_id, g.recipient_id)
      AND NOT isempty(g.valid * tstzrange(moment, NULL));
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE public.access_grant SET valid = valid * tstzrange(NULL, moment)
    WHERE agreement_id = wanted AND retired_at IS NULL AND old IN (owner_id, recipient_id);
    UPDATE public.agreements_party SET left_on = day
    WHERE agreement_id = wanted AND organisation_id = old AND left_on IS NULL;
    UPDATE public.agreements_agreement
    SET party_ids = ARRAY(SELECT DISTINCT unnest(array_replace(party_ids, old, new)) ORDER BY 1)
    WHERE id = wanted;
    RETURN moved;
END
$$;
"""

_PRIVATE = (
    "approve_agreement(uuid, date, date)",
    "party_leaves(uuid, integer, date)",
    "party_succeeds(uuid, integer, integer)",
)
RIGHTS = "REVOKE ALL ON FUNCTION concordat.close_grants() FROM PUBLIC;" + "".join(
    f"REVOKE ALL ON FUNCTION concordat.{name} FROM PUBLIC;"
    f"GRANT EXECUTE ON FUNCTION concordat.{name} TO concordat_app;"
    for name in _PRIVATE
)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_life")]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (DIGEST, REQUIRED, APPROVE, LEAVE, RIGHTS)
    ]
