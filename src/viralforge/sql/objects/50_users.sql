-- Who may be named.

-- The only name of the erased: the same for the same key in this database, and nothing elsewhere.
CREATE FUNCTION viralforge.erased_key(kind text, key text) RETURNS bytea
LANGUAGE sql STABLE
RETURN (
    SELECT sha256(secret || sha256(secret || convert_to(kind || chr(31) || key, 'UTF8')))
    FROM viralforge.secrets WHERE name = 'erased'
);

-- What an author is remembered by: the platform with the id, or with the name where there is no id.
CREATE FUNCTION viralforge.author_key(platform text, author_id text, author text) RETURNS bytea
LANGUAGE sql STABLE
RETURN viralforge.erased_key(
    'author', platform || chr(31) || coalesce('id' || chr(31) || author_id, 'name' || chr(31) || lower(author)));

-- Whether a post of this author may not come in. Whoever asks looks first whether anybody was erased at all: this is
-- opaque to the planner, so that it costs nothing where it is not called.
CREATE FUNCTION viralforge.is_erased_author(platform text, author_id text, author text) RETURNS boolean
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM viralforge.erased
        WHERE kind = 'author' AND key_hash = viralforge.author_key(platform, author_id, author));
END $$;

-- Makes the users that are missing and may be there; says whom nobody may name: who refuses, and who was erased. An
-- erasure holds the user's row, there or not, until it is done: that is what a new row waits for, and the statement
-- after it sees who was erased meanwhile.
CREATE FUNCTION viralforge.know_users(named text[]) RETURNS text[]
LANGUAGE plpgsql
AS $$
DECLARE
    strangers text[];
    nameless text[];
BEGIN
    SELECT array_agg(given.id ORDER BY given.id) FILTER (WHERE known.id IS NULL),
           array_agg(given.id) FILTER (WHERE NOT known.analytics)
    INTO strangers, nameless
    FROM unnest(named) AS given (id) LEFT JOIN viralforge.users AS known ON known.id = given.id;
    IF strangers IS NULL THEN
        RETURN nameless;
    END IF;
    INSERT INTO viralforge.users (id, created_at)
    SELECT stranger, viralforge.clock() FROM unnest(strangers) AS stranger
    WHERE NOT EXISTS (
        SELECT FROM viralforge.erased
        WHERE kind = 'user' AND key_hash = viralforge.erased_key('user', stranger))
    ON CONFLICT DO NOTHING;
    DELETE FROM viralforge.users AS made
    WHERE made.id = ANY (strangers) AND EXISTS (
        SELECT FROM viralforge.erased
        WHERE kind = 'user' AND key_hash = viralforge.erased_key('user', made.id));
    RETURN nameless || ARRAY(
        SELECT stranger FROM unnest(strangers) AS stranger
        WHERE NOT EXISTS (SELECT FROM viralforge.users AS known WHERE known.id = stranger AND known.analytics));
END $$;
