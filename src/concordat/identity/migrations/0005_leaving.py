"""A force takes along what its people judged, and the features of its persons."""

from django.db import migrations

# The service itself, acting for the judging body. What the machine judged isn't taken along: it is
# made anew, and tells of the records of two forces.
MOVING = """((SELECT concordat.actor_roles()) = ARRAY['system'] AND judged_by_id IS NOT NULL
    AND owner_id = (SELECT concordat.actor_organisation()))"""

JUDGEMENTS = f"""
ALTER POLICY read_what_is_shared ON identity_judgement USING ({MOVING} OR (
    left_compartment = ANY ((SELECT concordat.readable_compartments())::integer[])
    AND right_compartment = ANY ((SELECT concordat.readable_compartments())::integer[])));
ALTER POLICY owner_inserts ON identity_judgement WITH CHECK (kind = 91 AND ({MOVING} OR (
    retired_at IS NULL AND CASE WHEN judged_by_id IS NULL
    THEN (SELECT concordat.actor_roles()) = ARRAY['resolver']
    ELSE judged_by_id = (SELECT concordat.actor_person())
         AND owner_id = (SELECT concordat.actor_organisation())
         AND (SELECT concordat.actor_roles()) && ARRAY['data_quality', 'intelligence']
         AND EXISTS (SELECT FROM identity_feature f
                     WHERE f.owner_id = left_compartment / 100 AND f.record_id = left_id
                       AND f.compartment = left_compartment)
         AND EXISTS (SELECT FROM identity_feature f
                     WHERE f.owner_id = right_compartment / 100 AND f.record_id = right_id
                       AND f.compartment = right_compartment)
    END)));
"""

# Features keep their numbers when they move: those given afterwards go on from the highest.
NUMBERS = """
CREATE FUNCTION concordat.continue_feature_numbers(highest bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF concordat.actor_roles() IS DISTINCT FROM ARRAY['system'] THEN
        RAISE insufficient_privilege USING MESSAGE = 'only the service numbers features';
    END IF;
    IF highest > (SELECT last_value FROM public.identity_feature_number) THEN
        PERFORM setval('public.identity_feature_number', highest);
    END IF;
END
$$;
REVOKE ALL ON FUNCTION concordat.continue_feature_numbers(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION concordat.continue_feature_numbers(bigint) TO concordat_app;
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_recording")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (JUDGEMENTS, NUMBERS)]
