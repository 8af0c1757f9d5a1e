-- What is left of appointments when their time is over: counts by day, counter and concern, never by person or clerk.
CREATE TABLE appointment_count (
  day          date NOT NULL,
  location_id  int NOT NULL,
  counter_id   int NOT NULL,
  concern      text NOT NULL,             -- key of the concern; '' counts whole appointments, whatever they were for
  channel      text NOT NULL,
  outcome      text NOT NULL CHECK (outcome IN ('done', 'no_show', 'cancelled', 'unmarked')),
  appointments int NOT NULL,
  quantity     int NOT NULL,              -- of the concern
  minutes      int NOT NULL,
  PRIMARY KEY (day, counter_id, concern, channel, outcome)
);
