-- Who works here: accounts, second factors, links, sessions, failed sign-ins. crate `identity`
CREATE TABLE staff (
  id            uuid PRIMARY KEY,
  email         text NOT NULL CHECK (length(email) <= 254),
  name          text NOT NULL CHECK (length(name) <= 200),
  role          text NOT NULL CHECK (role IN ('phone', 'clerk', 'lead', 'admin', 'reader')),
  state         text NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'active', 'disabled')),
  language      text NOT NULL DEFAULT 'de',
  password_hash text,                                -- argon2id, PHC string
  totp_secret   bytea,                               -- sealed with a key of the deployment
  totp_since    timestamptz,                         -- NULL: there is none
  totp_last_step bigint NOT NULL DEFAULT 0,          -- a code is good once
  oidc_subject  text UNIQUE,                         -- at the town's own identity provider
  counter_id    int REFERENCES counter ON DELETE SET NULL,  -- where this person sits today
  created_at    timestamptz NOT NULL,
  signed_in_at  timestamptz,
  version       int NOT NULL DEFAULT 0,
  CHECK (state <> 'active' OR password_hash IS NOT NULL OR oidc_subject IS NOT NULL)
);
CREATE UNIQUE INDEX staff_email ON staff (lower(email));

CREATE TABLE staff_recovery_code (
  staff_id  uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  used_at   timestamptz,
  PRIMARY KEY (staff_id, code_hash)
);

-- Single-use links; the token is derived from the id, only its hash is here.
CREATE TABLE staff_link (
  id         uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  staff_id   uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
  purpose    text NOT NULL CHECK (purpose IN ('invitation', 'password_reset')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);

-- In the town's own schema: a session of one town cannot even be looked up in another.
CREATE TABLE staff_session (
  id_hash    bytea PRIMARY KEY,                      -- SHA-256 of what the cookie holds
  staff_id   uuid REFERENCES staff ON DELETE CASCADE,  -- NULL: on the way to a sign-in
  data       jsonb NOT NULL,
  client     text NOT NULL DEFAULT '',               -- browser and system in words, for the owner's list
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX staff_session_staff ON staff_session (staff_id);

-- Failed sign-ins, by account and by client, under keyed hashes: neither addresses nor names.
CREATE TABLE sign_in_failure (
  key      bytea PRIMARY KEY,
  failures int NOT NULL,
  last_at  timestamptz NOT NULL
);

-- What was done to accounts, by whom, and who signed in. Kept 12 months, sign-ins 30 days.
CREATE TABLE staff_event (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  staff_id   uuid NOT NULL,
  actor_id   uuid,                                   -- NULL: the operator's command line, or nobody signed in
  actor_name text NOT NULL DEFAULT '',
  kind       text NOT NULL,
  detail     jsonb NOT NULL DEFAULT '{}'
);

ALTER TABLE mail DROP CONSTRAINT mail_kind_check;
ALTER TABLE mail ADD CONSTRAINT mail_kind_check CHECK (kind IN
  ('confirmation', 'reminder', 'cancellation', 'move', 'manage_link', 'invitation', 'password_reset',
   'moved_by_town', 'cancelled_by_town'));
ALTER TABLE mail ADD COLUMN staff_link_id uuid REFERENCES staff_link ON DELETE CASCADE;
