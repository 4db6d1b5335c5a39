"""The life of an agreement, held by PostgreSQL: who drafts, who signs, and which steps there are."""

from django.db import migrations

# Versions from before had their text in columns and clauses.
TEXTS = """
UPDATE agreements_agreement a SET
    party_ids = coalesce((SELECT array_agg(p.organisation_id ORDER BY p.organisation_id)
                          FROM agreements_party p WHERE p.agreement_id = a.id), '{}'),
    terms = jsonb_build_object(
        'reference', a.reference, 'title', a.title, 'kind', a.kind, 'purpose', a.purpose,
        'functions', to_jsonb(a.functions),
        'parties', coalesce((SELECT jsonb_agg(o.code ORDER BY o.id) FROM agreements_party p
                             JOIN organisations_organisation o ON o.id = p.organisation_id
                             WHERE p.agreement_id = a.id), '[]'),
        'sharing', coalesce((SELECT jsonb_agg(jsonb_build_object(
                'kind', concordat.kind_code(c.kind), 'level', c.level, 'roles', to_jsonb(c.roles),
                'purposes', to_jsonb(c.purposes), 'lawful_basis', c.lawful_basis,
                'assessment', c.assessment, 'contact', c.contact) ORDER BY c.number)
            FROM agreements_sharing_clause c WHERE c.agreement_id = a.id), '[]'));
"""

# The kinds that an agreement can share; a test holds them against `access.rules`.
KINDS = """
CREATE FUNCTION concordat.shareable_kinds() RETURNS TABLE (kind smallint, code text)
LANGUAGE sql IMMUTABLE AS $$ VALUES
    (1::smallint, 'crime'), (2::smallint, 'anti-social-behaviour'), (3::smallint, 'stop-search'),
    (4::smallint, 'person'), (5::smallint, 'warning-marker'), (6::smallint, 'incident'),
    (7::smallint, 'arrest'), (8::smallint, 'sighting'), (9::smallint, 'intelligence'),
    (11::smallint, 'seizure'), (12::smallint, 'sudden-death'), (13::smallint, 'missing-person'),
    (20::smallint, 'place'), (30::smallint, 'vehicle'), (31::smallint, 'weapon'),
    (32::smallint, 'phone'), (33::smallint, 'account'), (34::smallint, 'property'),
    (35::smallint, 'document'), (36::smallint, 'business') $$;
CREATE FUNCTION concordat.kind_code(number smallint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT k.code FROM concordat.shareable_kinds() k WHERE k.kind = number $$;
"""

# What every policy below asks.
BINDS = """
CREATE FUNCTION concordat.today() RETURNS date
LANGUAGE sql STABLE AS $$ SELECT (statement_timestamp() AT TIME ZONE 'Europe/London')::date $$;

-- The bodies that sign beside or for a party today: its policing body, its fire authority. The one
-- that counts comes first, as in `organisations.queries.related_bodies`.
CREATE FUNCTION concordat.overseers(party integer) RETURNS TABLE (body integer, kind text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.id, o.kind FROM public.organisations_serves v
    JOIN public.organisations_organisation o ON o.id = v.from_organisation_id
    WHERE v.to_organisation_id = party AND o.kind IN ('policing_body', 'fire_authority')
      AND coalesce(o.valid_from <= concordat.today(), true)
      AND coalesce(o.valid_until > concordat.today(), true)
    ORDER BY o.valid_until DESC NULLS FIRST, o.kind, o.valid_from, o.id
$$;
CREATE FUNCTION concordat.speaks_for(party integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(concordat.actor_organisation() = party OR concordat.actor_organisation() IN (
        SELECT o.body FROM concordat.overseers(party) o), false)
$$;

-- Whether an agreement is the actor's own body's: as a party, even one that has left, or as one
-- that signs for a party.
CREATE FUNCTION concordat.binds(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM (
            SELECT unnest(a.party_ids) FROM public.agreements_agreement a WHERE a.id = wanted
            UNION SELECT p.organisation_id FROM public.agreements_party p
            WHERE p.agreement_id = wanted) AS named (party)
        WHERE concordat.speaks_for(named.party))
$$;
-- The same of the parties that have not left: whoever has left decides no more.
CREATE FUNCTION concordat.decides(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM (SELECT unnest(a.party_ids) FROM public.agreements_agreement a
                     WHERE a.id = wanted) AS named (party)
        WHERE concordat.speaks_for(named.party) AND NOT EXISTS (
            SELECT FROM public.agreements_party p WHERE p.agreement_id = wanted
            AND p.organisation_id = named.party AND p.left_on <= concordat.today()))
$$;
CREATE FUNCTION concordat.holds(VARIADIC wanted text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT coalesce(concordat.actor_roles() && wanted, false) $$;
"""

AGREEMENTS = """
DROP POLICY service_inserts ON agreements_agreement;
DROP POLICY parties_update ON agreements_agreement;
CREATE POLICY drafters_insert ON agreements_agreement FOR INSERT TO concordat_app WITH CHECK (
    state = 'draft' AND (concordat.holds('system') OR (concordat.holds('programme')
        AND (SELECT concordat.actor_organisation()) = ANY (party_ids))));
CREATE POLICY parties_update ON agreements_agreement FOR UPDATE TO concordat_app
    USING (concordat.holds('system')
           OR (concordat.holds('programme', 'signatory') AND concordat.decides(id)))
    WITH CHECK (concordat.holds('system')
                OR (concordat.holds('programme', 'signatory') AND concordat.decides(id)));

-- The table of the life in docs/architecture.md; a test holds this list against it. Only the
-- functions of this file, which run as the schema's owner, approve, replace and succeed.
CREATE FUNCTION concordat.guard_agreement() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'concordat_app' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF (NEW.round, NEW.digest) <> (0, '') OR (NOT concordat.holds('system') AND (
            SELECT NOT bool_or(concordat.decides(a.id)) FROM public.agreements_agreement a
            WHERE a.reference = NEW.reference))
        THEN
            RAISE insufficient_privilege USING MESSAGE = 'a version is drafted by its own parties';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('draft', 'draft'), ('draft', 'proposed'), ('draft', 'dropped'), ('dropped', 'draft'),
        ('proposed', 'draft'), ('approved', 'notice'), ('approved', 'ended'),
        ('notice', 'notice'), ('notice', 'ended'),
        -- until its successor begins, a replaced version is still in force
        ('varied', 'notice'), ('varied', 'ended'))
    THEN
        RAISE EXCEPTION 'an agreement does not go from % to %', OLD.state, NEW.state;
    END IF;
    -- Whoever proposes asks everybody anew.
    IF (NEW.id, NEW.reference, NEW.version, NEW.created_at, NEW.round)
        IS DISTINCT FROM (OLD.id, OLD.reference, OLD.version, OLD.created_at,
            OLD.round + ((OLD.state, NEW.state) = ('draft', 'proposed'))::integer)
       OR (OLD.state <> 'draft' AND to_jsonb(NEW) - ARRAY['state', 'ends_on', 'revision']
           IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'ends_on', 'revision'])
    THEN
        RAISE EXCEPTION 'what has been proposed is not changed: draft a new version';
    END IF;
    -- What was seen was seen lawfully; what is called ended is over.
    IF (NEW.ends_on IS DISTINCT FROM OLD.ends_on AND (
            NOT coalesce(NEW.ends_on < coalesce(OLD.ends_on, 'infinity'), false)
            OR NEW.ends_on < greatest(concordat.today(), NEW.starts_on)))
       OR (NEW.state = 'ended' AND NEW.ends_on > greatest(concordat.today(), NEW.starts_on))
    THEN
        RAISE EXCEPTION 'an end is brought forward, as far as today, and never put off';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_agreement BEFORE INSERT OR UPDATE ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION concordat.guard_agreement();

-- Parties and clauses are written when a version is approved, from its text, by the owner.
DROP POLICY service_inserts ON agreements_party;
DROP POLICY service_inserts ON agreements_sharing_clause;
REVOKE INSERT ON agreements_party, agreements_sharing_clause FROM concordat_app;
"""

SIGNATORIES = """
ALTER TABLE agreements_signatory ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON agreements_signatory TO concordat_app;
GRANT UPDATE (decision, reasons, conditions, digest, person_id, person_name, on_paper, decided_at)
    ON agreements_signatory TO concordat_app;
GRANT USAGE ON SEQUENCE agreements_signatory_id_seq TO concordat_app;
CREATE POLICY signed_in_read ON agreements_signatory FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_organisation()) IS NOT NULL);
CREATE POLICY proposing ON agreements_signatory FOR INSERT TO concordat_app WITH CHECK (
    decision = 'waiting' AND NOT on_paper AND (concordat.holds('system')
        OR (concordat.holds('programme') AND concordat.decides(agreement_id))));
-- Each signs for their own body, by name; the service enters what was signed on paper.
CREATE POLICY signing ON agreements_signatory FOR UPDATE TO concordat_app
    USING (decision IN ('waiting', 'conditional') AND (concordat.holds('system')
        OR (concordat.holds('signatory')
            AND organisation_id = (SELECT concordat.actor_organisation()))))
    WITH CHECK ((concordat.holds('system') AND on_paper)
        OR (concordat.holds('signatory') AND NOT on_paper
            AND organisation_id = (SELECT concordat.actor_organisation())
            AND person_id = (SELECT concordat.actor_person())));
"""

RECORDS = """
ALTER TABLE agreements_step ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON agreements_step TO concordat_app;
GRANT USAGE ON SEQUENCE agreements_step_id_seq TO concordat_app;
CREATE POLICY signed_in_read ON agreements_step FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_organisation()) IS NOT NULL);
CREATE POLICY bound_insert ON agreements_step FOR INSERT TO concordat_app WITH CHECK (
    organisation_id = (SELECT concordat.actor_organisation()) AND (concordat.holds('system')
        OR (concordat.holds('programme', 'signatory') AND concordat.binds(agreement_id))));

-- A notice is public; what it leaves out is for those whom the agreement binds.
ALTER TABLE agreements_notice ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON agreements_notice TO concordat_app;
CREATE POLICY public_read ON agreements_notice FOR SELECT TO concordat_app USING (true);
CREATE POLICY signatories_insert ON agreements_notice FOR INSERT TO concordat_app WITH CHECK (
    concordat.holds('programme', 'signatory') AND concordat.binds(agreement_id)
    AND organisation_id = (SELECT concordat.actor_organisation()));
ALTER TABLE agreements_redaction ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON agreements_redaction TO concordat_app;
GRANT USAGE ON SEQUENCE agreements_redaction_id_seq TO concordat_app;
CREATE POLICY bound_read ON agreements_redaction FOR SELECT TO concordat_app USING (
    concordat.binds(agreement_id));
CREATE POLICY bound_insert ON agreements_redaction FOR INSERT TO concordat_app WITH CHECK (
    concordat.holds('programme', 'signatory') AND concordat.binds(agreement_id));

-- Statements: read by the parties' money people, issued by a party, changed by nobody.
ALTER TABLE agreements_statement ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON agreements_statement TO concordat_app;
CREATE POLICY parties_read ON agreements_statement FOR SELECT TO concordat_app USING (
    concordat.holds('system') OR (concordat.holds('finance', 'programme', 'signatory', 'auditor')
        AND concordat.binds(agreement_id)));
CREATE POLICY parties_issue ON agreements_statement FOR INSERT TO concordat_app WITH CHECK (
    concordat.holds('finance', 'programme') AND concordat.binds(agreement_id)
    AND organisation_id = (SELECT concordat.actor_organisation()));

ALTER TABLE agreements_register_row ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON agreements_register_row TO concordat_app;
CREATE POLICY signed_in_read ON agreements_register_row FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_organisation()) IS NOT NULL);
CREATE POLICY programme_inserts ON agreements_register_row FOR INSERT TO concordat_app
    WITH CHECK (concordat.holds('system', 'programme'));
CREATE POLICY programme_updates ON agreements_register_row FOR UPDATE TO concordat_app
    USING (concordat.holds('system', 'programme'))
    WITH CHECK (concordat.holds('system', 'programme'));
ALTER TABLE agreements_register_problem ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON agreements_register_problem TO concordat_app;
GRANT UPDATE (settled_at) ON agreements_register_problem TO concordat_app;
GRANT USAGE ON SEQUENCE agreements_register_problem_id_seq TO concordat_app;
CREATE POLICY signed_in_read ON agreements_register_problem FOR SELECT TO concordat_app USING (
    (SELECT concordat.actor_organisation()) IS NOT NULL);
CREATE POLICY programme_inserts ON agreements_register_problem FOR INSERT TO concordat_app
    WITH CHECK (concordat.holds('system', 'programme'));
CREATE POLICY programme_settles ON agreements_register_problem FOR UPDATE TO concordat_app
    USING (concordat.holds('system', 'programme'))
    WITH CHECK (concordat.holds('system', 'programme'));
"""

RIGHTS = "".join(
    f"REVOKE ALL ON FUNCTION concordat.{name}(uuid) FROM PUBLIC;"
    f"GRANT EXECUTE ON FUNCTION concordat.{name}(uuid) TO concordat_app;"
    for name in ("binds", "decides")
)


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0005_versions"),
        ("access", "0007_grants_by_signature"),
        ("organisations", "0003_signatories"),
    ]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (KINDS, TEXTS, BINDS, AGREEMENTS, SIGNATORIES, RECORDS, RIGHTS)
    ]
