-- Appointments made before launch: uploads, what becomes of each row, what earlier runs have imported. crate `importer`
CREATE TABLE import_batch (
  id         uuid PRIMARY KEY,                       -- chosen by the form: sent twice, it is one batch
  file_name  text NOT NULL CHECK (length(file_name) <= 255),
  bytes      bigint NOT NULL DEFAULT 0,
  is_paper   boolean NOT NULL DEFAULT false,         -- typed in row by row, one piece a row
  state      text NOT NULL DEFAULT 'uploading' CHECK (state IN
               ('uploading', 'uploaded', 'checking', 'checked', 'applying', 'applied', 'undoing', 'undone', 'failed')),
  run        int NOT NULL DEFAULT 0,                 -- +1 with every step asked for: work for an older one stops
  shape      jsonb,                                  -- importer::Shape
  mapping    jsonb NOT NULL DEFAULT '{"fields": [], "date_order": null}',  -- importer::Mapping
  meanings   jsonb NOT NULL DEFAULT '{}',            -- phrase → keys of concerns
  choices    jsonb NOT NULL DEFAULT '{}',            -- importer::batch::Choices
  profile    text,
  origin     text,                                   -- the list it is an edition of: id of the first batch; NULL: not known yet
  is_origin_chosen boolean NOT NULL DEFAULT false,   -- said by somebody, not found out by the dry run
  numbers    jsonb NOT NULL DEFAULT '{}',            -- importer::batch::Numbers
  done       bigint NOT NULL DEFAULT 0,
  total      bigint NOT NULL DEFAULT 0,
  problem    jsonb,                                  -- importer::Reason: why it failed
  staff_id   uuid,                                   -- no reference; zero: the operator's command line
  staff_name text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  checked_at timestamptz,
  applied_at timestamptz,
  undone_at  timestamptz
);

-- The upload, since web server and worker are different machines. Gone once the batch is applied.
CREATE TABLE import_piece (
  batch_id uuid NOT NULL REFERENCES import_batch ON DELETE CASCADE,
  number   int NOT NULL,
  version  int NOT NULL DEFAULT 0,                   -- of a row on paper: two people may have it open
  content  bytea NOT NULL CHECK (octet_length(content) <= 1048576),
  PRIMARY KEY (batch_id, number)
);
ALTER TABLE import_piece ALTER COLUMN content SET STORAGE EXTERNAL;

-- What the dry run decided for each row; applying carries it out.
CREATE TABLE import_row (
  batch_id     uuid NOT NULL REFERENCES import_batch ON DELETE CASCADE,
  number       bigint NOT NULL,
  line         bigint NOT NULL,                      -- of the file
  occurrence   text NOT NULL DEFAULT '',
  state        text NOT NULL CHECK (state IN ('ready', 'warning', 'error', 'skipped')),
  outcome      text NOT NULL CHECK (outcome IN ('add', 'update', 'same', 'close', 'nothing')),
  source_key   text NOT NULL,
  content_hash text NOT NULL,
  place        jsonb,                                -- importer::rules::Place: when, where, what for
  reasons      jsonb NOT NULL,                       -- importer::Reason
  entry        jsonb NOT NULL,                       -- importer::Entry; its original goes when the batch is applied
  changes      jsonb NOT NULL DEFAULT '[]',          -- importer::Change: what becomes different, old → new
  before       jsonb,                                -- importer::batch::Former, as a change has found it
  appointment_id uuid,
  is_applied   boolean NOT NULL DEFAULT false,
  is_undone    boolean NOT NULL DEFAULT false,
  is_kept      boolean NOT NULL DEFAULT false,       -- somebody had touched it: undoing has left it
  PRIMARY KEY (batch_id, number)
);
CREATE INDEX import_row_state ON import_row (batch_id, state, number);
CREATE INDEX import_row_source ON import_row (source_key);
CREATE INDEX import_row_changed ON import_row (batch_id, number) WHERE changes <> '[]';

-- What earlier editions of the file had and this one has not, as the dry run has found it.
CREATE TABLE import_gone (
  batch_id       uuid NOT NULL REFERENCES import_batch ON DELETE CASCADE,
  number         bigint NOT NULL,                    -- by time
  source_key     text NOT NULL,
  appointment_id uuid,                               -- no reference: a move writes the row anew; NULL: a closure
  closed         jsonb,                              -- importer::batch::Closed
  starts_at      timestamptz NOT NULL,
  former_batch   uuid,                               -- that had written it last
  state          text NOT NULL DEFAULT 'missing' CHECK (state IN
                   ('missing', 'cancelled', 'left', 'booked_again', 'kept')),
  before         jsonb,                              -- importer::batch::Former, as the cancellation has found it
  PRIMARY KEY (batch_id, number)
);
CREATE INDEX import_gone_source ON import_gone (source_key);

-- How a town's files are to be read, by name.
CREATE TABLE import_profile (
  name     text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 100),
  columns  jsonb NOT NULL,                           -- names of the columns it was made for
  mapping  jsonb NOT NULL,
  meanings jsonb NOT NULL,
  choices  jsonb NOT NULL
);

-- What earlier runs have imported: the same row of the same file is never imported twice.
CREATE TABLE import_source (
  source_key     text PRIMARY KEY,
  content_hash   text NOT NULL,
  origin         text NOT NULL,                      -- the list it belongs to: what is compared with what
  batch_id       uuid,                               -- that wrote it last; no reference: outlives it
  booking_id     uuid,
  appointment_id uuid,
  version        int NOT NULL DEFAULT 0,             -- appointment.version then: another one now means touched by hand
  closure_id     int REFERENCES closure ON DELETE SET NULL,
  is_withdrawn   boolean NOT NULL DEFAULT false,     -- an import has cancelled the appointment, no person
  ends_at        timestamptz NOT NULL                -- kept until then
);
CREATE INDEX import_source_batch ON import_source (batch_id);
CREATE INDEX import_source_closure ON import_source (closure_id) WHERE closure_id IS NOT NULL;
CREATE INDEX import_source_origin ON import_source (origin, ends_at);

-- Why a clerk should look at an imported appointment: keys of reasons, separated by blanks. A clerk takes it away.
ALTER TABLE appointment ADD COLUMN import_flag text;

-- Whoever has an address may learn that their appointment is online now.
ALTER TABLE mail DROP CONSTRAINT mail_kind_check;
ALTER TABLE mail ADD CONSTRAINT mail_kind_check CHECK (kind IN
  ('confirmation', 'reminder', 'cancellation', 'move', 'manage_link', 'invitation', 'password_reset',
   'moved_by_town', 'cancelled_by_town', 'now_online'));
