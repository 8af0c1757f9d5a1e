-- The platform schema: which towns exist, where they answer, and in which cell they live.
-- Runs with search_path = platform in every cell; apalis' own schema is there already (services/jobs).

CREATE TABLE platform.cell (
  name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9-]{0,30}$'),
  note text NOT NULL DEFAULT ''
);
INSERT INTO platform.cell (name, note) VALUES ('main', 'the first database cluster');

CREATE TABLE platform.tenant (
  slug           text PRIMARY KEY CHECK (slug ~ '^[a-z][a-z0-9-]{0,40}$'),
  name           text NOT NULL,
  cell           text NOT NULL DEFAULT 'main' REFERENCES platform.cell,
  zone           text NOT NULL DEFAULT 'Europe/Berlin',
  state          text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'moving')),
  schema_version bigint NOT NULL DEFAULT 0,
  version        bigint NOT NULL DEFAULT 1,
  created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE platform.tenant_host (
  host      text NOT NULL CHECK (host = lower(host)),
  base_path text NOT NULL CHECK (base_path ~ '^/[a-z0-9-]+(/[a-z0-9-]+)*$'),
  tenant    text NOT NULL REFERENCES platform.tenant ON DELETE CASCADE,
  is_primary boolean NOT NULL DEFAULT false,
  PRIMARY KEY (host, base_path)
);
CREATE UNIQUE INDEX tenant_host_primary ON platform.tenant_host (tenant) WHERE is_primary;

-- The one way from a town's transaction to the queue. The town cannot claim to be another one:
-- its name is the role the transaction runs as. NULL means: a job with this key is there already.
-- In plpgsql, since it keeps its plan: every booking comes through here. The id has the form that apalis reads, a ULID,
-- but is made of hexadecimal digits; apalis.generate_ulid() takes as long as all the rest of a booking's jobs.
CREATE FUNCTION platform.enqueue(queue text, payload jsonb, run_at timestamptz DEFAULT now(), key text DEFAULT NULL,
                                 max_attempts int DEFAULT 8, priority int DEFAULT 0)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  milliseconds bigint := extract(epoch FROM clock_timestamp()) * 1000;
  new_id text := '0' || lpad(to_hex(milliseconds), 11, '0') || right(replace(gen_random_uuid()::text, '-', ''), 14);
BEGIN
  INSERT INTO apalis.jobs (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
  VALUES (upper(new_id), queue,
          convert_to(jsonb_set(payload, '{tenant}', to_jsonb(current_setting('role')))::text, 'UTF8'),
          'Pending', 0, max_attempts, run_at, priority, current_setting('role') || ':' || key)
  ON CONFLICT (job_type, idempotency_key) DO NOTHING RETURNING id INTO new_id;
  RETURN new_id;
END $$;

-- Takes a job back that has not started: a cancelled appointment needs no reminder.
CREATE FUNCTION platform.withdraw(queue text, key text)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (
    DELETE FROM apalis.jobs
     WHERE job_type = queue AND idempotency_key = current_setting('role') || ':' || key
       AND status IN ('Pending', 'Failed') RETURNING 1)
  SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION platform.enqueue, platform.withdraw FROM PUBLIC;
