-- Bookings and their appointments. A draft is a booking whose places are held while the citizen types.
CREATE TABLE booking (
  id            uuid PRIMARY KEY,
  state         text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'booked')),
  token_hash    bytea NOT NULL UNIQUE,              -- SHA-256 of the token in the citizen's links
  code          text UNIQUE CHECK (code ~ '^[2-9A-HJ-NP-Z]{8}$'),
  channel       text NOT NULL CHECK (channel IN ('online', 'staff', 'walk_in', 'import')),
  language      text NOT NULL,
  name          text CHECK (length(name) <= 200),
  email         text CHECK (length(email) <= 254),
  phone         text CHECK (length(phone) <= 40),
  wants_reminder boolean NOT NULL DEFAULT true,
  hold_until    timestamptz,
  hold_extensions smallint NOT NULL DEFAULT 0,
  mode          text NOT NULL DEFAULT 'combined' CHECK (mode IN ('combined', 'separate')),
  selection     jsonb NOT NULL,                     -- [{concern: key, quantity: n}], as chosen
  created_at    timestamptz NOT NULL DEFAULT now(),
  booked_at     timestamptz,
  CHECK (state = 'draft' OR (name IS NOT NULL AND code IS NOT NULL AND booked_at IS NOT NULL))
) WITH (fillfactor = 85);                           -- every row is updated at least once, in place
CREATE INDEX booking_email ON booking (lower(email)) WHERE state = 'booked';
CREATE INDEX booking_draft ON booking (created_at) WHERE state = 'draft';

CREATE TABLE appointment (
  id           uuid PRIMARY KEY,
  booking_id   uuid NOT NULL REFERENCES booking ON DELETE CASCADE,
  position     smallint NOT NULL DEFAULT 1,          -- order within the booking
  location_id  int NOT NULL REFERENCES location,
  counter_id   int NOT NULL REFERENCES counter,
  during       tstzrange NOT NULL CHECK (NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)),
  status       text NOT NULL CHECK (status IN
                 ('held', 'booked', 'arrived', 'called', 'in_service', 'done', 'no_show', 'cancelled', 'expired')),
  blocks       boolean NOT NULL,
  hold_until   timestamptz,                          -- held: until then; cancelled and still blocking: release time
  items        jsonb NOT NULL,                       -- what it was for, as it was then: booking::Item
  duration_minutes smallint NOT NULL,
  fee_cents    int NOT NULL,
  sequence     int NOT NULL DEFAULT 0,               -- RFC 5545 SEQUENCE: +1 with every change
  created_at   timestamptz NOT NULL DEFAULT now(),
  ended_at     timestamptz,
  CHECK (CASE status WHEN 'cancelled' THEN NOT blocks OR hold_until IS NOT NULL
                     WHEN 'held' THEN blocks AND hold_until IS NOT NULL
                     ELSE blocks = (status IN ('booked', 'arrived', 'called', 'in_service')) END),
  CONSTRAINT appointment_no_overlap EXCLUDE USING gist (counter_id WITH =, during WITH &&) WHERE (blocks),
  CONSTRAINT appointment_position UNIQUE (booking_id, position)
) WITH (fillfactor = 85);
CREATE INDEX appointment_day ON appointment (location_id, lower(during)) WHERE blocks;

-- A mail that must go out, and what became of it.
CREATE TABLE mail (
  id             uuid PRIMARY KEY,
  kind           text NOT NULL CHECK (kind IN ('confirmation', 'reminder', 'cancellation', 'move', 'manage_link')),
  booking_id     uuid REFERENCES booking ON DELETE SET NULL,      -- the log outlives what it tells about
  appointment_id uuid,                              -- NULL: the whole booking; the row is a new one after a move
  sequence       int NOT NULL DEFAULT 0,            -- the appointment's when the mail was asked for
  recipient      text NOT NULL,
  language       text NOT NULL,
  state          text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
  due_at         timestamptz NOT NULL DEFAULT now(),
  attempts       int NOT NULL DEFAULT 0,
  last_error     text,
  created_at     timestamptz NOT NULL DEFAULT now(),
  sent_at        timestamptz
);
CREATE INDEX mail_booking ON mail (booking_id);
CREATE INDEX mail_open ON mail (due_at) WHERE state IN ('waiting', 'failed');
