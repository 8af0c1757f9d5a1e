-- The day at the counters: arrivals, tickets, notes, history, and colleagues who are missing. crate `booking`
ALTER TABLE appointment
  ADD COLUMN version    int NOT NULL DEFAULT 0,      -- +1 with every change: the second of two clerks is told
  ADD COLUMN overbooked boolean NOT NULL DEFAULT false,  -- put on top of another one on purpose: does not block
  ADD COLUMN note       text NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
  ADD COLUMN arrived_at timestamptz,
  ADD COLUMN called_at  timestamptz,
  ADD COLUMN served_at  timestamptz;                 -- service began
ALTER TABLE appointment DROP CONSTRAINT appointment_check;
ALTER TABLE appointment ADD CONSTRAINT appointment_check CHECK (
  CASE status WHEN 'cancelled' THEN NOT blocks OR hold_until IS NOT NULL
              WHEN 'held' THEN blocks AND hold_until IS NOT NULL
              ELSE blocks = (NOT overbooked AND status IN ('booked', 'arrived', 'called', 'in_service')) END);
-- The day view also shows what no longer blocks.
DROP INDEX appointment_day;
CREATE INDEX appointment_day ON appointment (location_id, lower(during));
-- Few rows, looked up whenever a place is given up: whoever was put on top of it gets it.
CREATE INDEX appointment_overbooked ON appointment (counter_id) WHERE overbooked;

-- Changes that only staff see (arrived, called, notes) count here and leave the index of free times alone.
ALTER TABLE location_day ADD COLUMN desk_version bigint NOT NULL DEFAULT 0;

-- Who did what with a booking. That it was made stands in the booking itself.
CREATE TABLE booking_event (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  booking_id     uuid NOT NULL REFERENCES booking ON DELETE CASCADE,
  appointment_id uuid,
  at             timestamptz NOT NULL,
  actor          text NOT NULL CHECK (actor IN ('citizen', 'staff', 'system')),
  staff_id       uuid,                               -- no reference: history outlives accounts
  staff_name     text NOT NULL DEFAULT '',
  kind           text NOT NULL,
  detail         jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX booking_event_booking ON booking_event (booking_id, id);

-- Somebody who is in the hall: with an appointment or without.
CREATE TABLE ticket (
  id             uuid PRIMARY KEY,                   -- chosen by the form: sent twice, it is one ticket
  location_id    int NOT NULL REFERENCES location,
  day            date NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('appointment', 'walk_in')),
  number         int NOT NULL,                       -- A101 …: appointment, B101 …: walk-in
  appointment_id uuid UNIQUE,                        -- no reference: a move writes the appointment's row anew
  items          jsonb NOT NULL DEFAULT '[]',        -- booking::Item
  minutes        smallint NOT NULL,
  name           text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  priority       smallint NOT NULL DEFAULT 0,        -- higher is called first
  priority_reason text NOT NULL DEFAULT '' CHECK (length(priority_reason) <= 200),
  state          text NOT NULL CHECK (state IN
                   ('waiting', 'called', 'in_service', 'parked', 'done', 'no_show', 'withdrawn')),
  due_at         timestamptz NOT NULL,               -- the appointment's start, or when the number was taken
  late           boolean NOT NULL DEFAULT false,     -- came too late for the appointment's turn: waits as a walk-in
  counter_id     int REFERENCES counter,             -- who called
  for_counter_id int REFERENCES counter,             -- only this one shall call
  calls          smallint NOT NULL DEFAULT 0,
  created_at     timestamptz NOT NULL,
  called_at      timestamptz,
  served_at      timestamptz,
  ended_at       timestamptz,
  changed_by     text NOT NULL DEFAULT '',           -- who changed it last, for the second of two clerks
  changed_at     timestamptz NOT NULL,
  version        int NOT NULL DEFAULT 0,
  UNIQUE (location_id, day, kind, number)            -- also by which a day is read
);

-- Closed by staff for the day: the town pack neither writes nor removes it.
ALTER TABLE closure ADD COLUMN by_staff boolean NOT NULL DEFAULT false;

-- “Someone is missing today”: what was closed, and what became of each appointment there.
CREATE TABLE absence (
  id          uuid PRIMARY KEY,
  location_id int NOT NULL REFERENCES location,
  counter_id  int REFERENCES counter,                -- NULL: the whole location
  first_day   date NOT NULL,
  last_day    date NOT NULL,
  from_time   time,
  until_time  time,
  reason      text NOT NULL DEFAULT '',
  closure_id  int REFERENCES closure ON DELETE SET NULL,
  state       text NOT NULL CHECK (state IN ('done', 'undone')),
  staff_id    uuid,
  staff_name  text NOT NULL DEFAULT '',
  created_at  timestamptz NOT NULL,
  send_at     timestamptz NOT NULL,                  -- until then it can be undone
  undone_at   timestamptz
);

CREATE TABLE absence_change (
  absence_id     uuid NOT NULL REFERENCES absence ON DELETE CASCADE,
  appointment_id uuid NOT NULL,
  outcome        text NOT NULL CHECK (outcome IN ('absorbed', 'moved', 'cancelled', 'kept')),
  before         jsonb NOT NULL,
  after          jsonb NOT NULL,
  mail_id        uuid,
  phone_first    boolean NOT NULL DEFAULT false,     -- nobody can be reached by mail
  phoned_at      timestamptz,
  PRIMARY KEY (absence_id, appointment_id)
);
