-- What citizens come for. Texts are jsonb by language: {"de": "…", "en": "…"}.
CREATE TABLE category (
  id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key      text NOT NULL UNIQUE,
  name     jsonb NOT NULL,
  position int NOT NULL DEFAULT 0
);

CREATE TABLE form (
  id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key      text NOT NULL UNIQUE,
  file     text NOT NULL UNIQUE CHECK (file ~ '^[a-z0-9][a-z0-9-]*\.pdf$'),
  title    jsonb NOT NULL,
  language text NOT NULL DEFAULT 'de',
  content  bytea NOT NULL,
  sha256   bytea NOT NULL
);

CREATE TABLE document (
  id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key     text NOT NULL UNIQUE,
  name    jsonb NOT NULL,
  note    jsonb,
  form_id int REFERENCES form
);

CREATE TABLE concern (
  id               int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key              text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9-]*$'),
  category_id      int NOT NULL REFERENCES category,
  name             jsonb NOT NULL,
  summary          jsonb,
  keywords         text[] NOT NULL DEFAULT '{}',
  duration_minutes int NOT NULL CHECK (duration_minutes BETWEEN 5 AND 480 AND duration_minutes % 5 = 0),
  further_minutes  int NOT NULL CHECK (further_minutes BETWEEN 0 AND 480 AND further_minutes % 5 = 0),
  max_quantity     int NOT NULL DEFAULT 1 CHECK (max_quantity BETWEEN 1 AND 20),
  quantity_label   jsonb,
  booking          text NOT NULL DEFAULT 'online' CHECK (booking IN ('online', 'phone')),
  phone            jsonb,                     -- whom to call, where booking = 'phone'
  who              text NOT NULL DEFAULT 'anyone' CHECK (who IN ('in_person', 'family_member', 'proxy', 'anyone')),
  who_note         jsonb,
  leika            text CHECK (leika ~ '^[0-9]{14}$'),
  online_url       text,
  online_label     jsonb,
  alone            boolean NOT NULL DEFAULT false,   -- cannot be combined with other concerns
  neutral          boolean NOT NULL DEFAULT false,   -- sensitive: not named in subjects or calendars
  popular          int,                              -- place among the often chosen, NULL = not there
  to_confirm       text[] NOT NULL DEFAULT '{}',     -- what the town has yet to confirm
  active           boolean NOT NULL DEFAULT true,
  position         int NOT NULL DEFAULT 0
);

CREATE TABLE concern_document (
  concern_id  int NOT NULL REFERENCES concern ON DELETE CASCADE,
  document_id int NOT NULL REFERENCES document,
  applies_if  jsonb,
  position    int NOT NULL DEFAULT 0,
  PRIMARY KEY (concern_id, document_id)
);

CREATE TABLE fee (
  id           int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  concern_id   int NOT NULL REFERENCES concern ON DELETE CASCADE,
  amount_cents int NOT NULL CHECK (amount_cents >= 0),
  label        jsonb,
  condition    jsonb,                 -- NULL: always due, counted in the sum
  valid_from   date,
  valid_until  date,
  position     int NOT NULL DEFAULT 0,
  CHECK (valid_until IS NULL OR valid_from IS NULL OR valid_from <= valid_until)
);
CREATE INDEX fee_concern ON fee (concern_id);
