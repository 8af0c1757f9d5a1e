-- Where and when: offices, counters, opening rules, closures. Times are local wall-clock times of the town.
CREATE TABLE location (
  id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key      text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9-]*$'),
  name     jsonb NOT NULL,
  street   text NOT NULL,
  zip      text NOT NULL,
  city     text NOT NULL,
  how_to_find jsonb,
  access   jsonb,                     -- step-free entrance, parking
  phone    text,
  email    text,
  to_confirm text[] NOT NULL DEFAULT '{}', -- what the town has yet to confirm
  active   boolean NOT NULL DEFAULT true,
  position int NOT NULL DEFAULT 0
);

CREATE TABLE counter (
  id          int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key         text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9-]*$'),
  location_id int NOT NULL REFERENCES location,
  name        text NOT NULL,
  serves      text[] NOT NULL DEFAULT '{*}',  -- keys of concerns as the town wrote them, * = all …
  serves_not  text[] NOT NULL DEFAULT '{}',   -- … but these; counter_concern is what it comes to
  to_confirm  text[] NOT NULL DEFAULT '{}',
  active      boolean NOT NULL DEFAULT true,
  position    int NOT NULL DEFAULT 0
);

CREATE TABLE counter_concern (
  counter_id int NOT NULL REFERENCES counter ON DELETE CASCADE,
  concern_id int NOT NULL REFERENCES concern ON DELETE CASCADE,
  PRIMARY KEY (counter_id, concern_id)
);

CREATE TABLE opening_rule (
  id            int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  location_id   int NOT NULL REFERENCES location ON DELETE CASCADE,
  counter_ids   int[] NOT NULL,                         -- empty: all of the location's
  weekdays      smallint[] NOT NULL DEFAULT '{}',       -- 1 = Monday … 7 = Sunday
  nth_of_month  smallint[] NOT NULL DEFAULT '{}',       -- 1..5, -1 = last; empty: every
  every_weeks   smallint NOT NULL DEFAULT 1 CHECK (every_weeks BETWEEN 1 AND 52),
  dates         date[] NOT NULL DEFAULT '{}',           -- single days beside or instead of the weekdays
  opens         time NOT NULL,
  closes        time NOT NULL,
  valid_from    date,                                   -- also the first week of every_weeks
  valid_until   date,
  step_minutes  smallint NOT NULL DEFAULT 5 CHECK (step_minutes IN (5, 10, 15, 20, 30, 60)),
  channel       text NOT NULL DEFAULT 'online' CHECK (channel IN ('online', 'staff')),
  released_days_before smallint CHECK (released_days_before BETWEEN 0 AND 400),
  released_at   time,                                   -- of that day
  closes_minutes_before int NOT NULL DEFAULT 0 CHECK (closes_minutes_before >= 0),
  falls_online_hours_before int CHECK (falls_online_hours_before >= 0),
  to_confirm    text[] NOT NULL DEFAULT '{}',
  position      int NOT NULL DEFAULT 0,
  CHECK (opens < closes),
  CHECK (cardinality(weekdays) > 0 OR cardinality(dates) > 0)
);

CREATE TABLE closure (
  id          int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  location_id int REFERENCES location ON DELETE CASCADE,  -- NULL: the whole town
  counter_id  int REFERENCES counter ON DELETE CASCADE,   -- NULL: the whole location
  first_day   date NOT NULL,
  last_day    date NOT NULL,
  from_time   time,                                       -- NULL: the whole day is closed
  until_time  time,
  reason      jsonb NOT NULL,
  to_confirm  text[] NOT NULL DEFAULT '{}',
  CHECK (first_day <= last_day),
  CHECK ((from_time IS NULL) = (until_time IS NULL)),
  CHECK (from_time < until_time)
);

-- One number per office and day, bumped in the transaction of every change: the in-memory index refetches what moved.
CREATE TABLE location_day (
  location_id int NOT NULL REFERENCES location ON DELETE CASCADE,
  day         date NOT NULL,
  version     bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (location_id, day)
) WITH (fillfactor = 50);
