-- A town: who it is, its rules, its look, its words. One row, written by `tenant apply`.
CREATE TABLE town (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version  bigint NOT NULL DEFAULT 1,        -- bumped by every change to town, catalogue or offices: pages reload
  profile  jsonb NOT NULL,                   -- tenancy::town::Profile
  rules    jsonb NOT NULL,                   -- tenancy::town::Rules
  theme    jsonb NOT NULL,                   -- tenancy::town::Theme
  logo     text NOT NULL                     -- an SVG
);

CREATE TABLE page_text (
  slug     text NOT NULL CHECK (slug ~ '^[a-z][a-z0-9-]*$'),
  language text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
  markdown text NOT NULL,
  PRIMARY KEY (slug, language)
);
