-- Tables, columns, defaults, keys and what the server names by itself.
CREATE TABLE teams (
  id serial PRIMARY KEY,
  title varchar(80) NOT NULL UNIQUE,
  "Weird ""name" text DEFAULT 'it''s',
  budget numeric(10, 2) DEFAULT 0,
  ratio double precision DEFAULT 0.5,
  rank smallint DEFAULT -1,
  big bigint DEFAULT 3000000000,
  flags text[] DEFAULT '{}',
  labels text[] DEFAULT ARRAY['a', 'b'],
  made timestamptz NOT NULL DEFAULT now(),
  day date DEFAULT '2024-02-29',
  at timestamp DEFAULT '2024-02-29',
  wait interval DEFAULT '1 hour 30 minutes',
  code char(3) DEFAULT 'abc',
  data jsonb DEFAULT '{"b": 1, "a": [true, null]}',
  token uuid DEFAULT gen_random_uuid(),
  active boolean DEFAULT 't',
  nothing integer DEFAULT NULL
);
CREATE TABLE people (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 5),
  team integer REFERENCES teams ON DELETE CASCADE,
  first_name text COLLATE "C",
  last_name text,
  full_name text GENERATED ALWAYS AS (first_name || ' ' || last_name) STORED,
  age integer CHECK (age >= 0),
  score real,
  PRIMARY KEY (id),
  UNIQUE (first_name, last_name) INCLUDE (age),
  CHECK (age < 150 AND last_name <> ''),
  CONSTRAINT named CHECK (score BETWEEN 0 AND 1) NO INHERIT,
  FOREIGN KEY (team) REFERENCES teams (id) MATCH FULL DEFERRABLE INITIALLY DEFERRED
);
CREATE UNLOGGED TABLE a_table_with_a_name_that_is_as_long_as_a_name_may_be_in_postgres (
  a_column_with_a_name_that_is_rather_long_too integer UNIQUE
) WITH (fillfactor = 70);
ALTER TABLE people ADD COLUMN nick text DEFAULT 'x' NOT NULL, ALTER COLUMN score SET NOT NULL;
ALTER TABLE people ALTER COLUMN nick DROP DEFAULT, DROP COLUMN age CASCADE;
ALTER TABLE people ALTER COLUMN last_name SET STORAGE EXTERNAL, ALTER COLUMN last_name SET STATISTICS 500;
COMMENT ON TABLE people IS 'who';
COMMENT ON COLUMN people.nick IS 'what they are called';
COMMENT ON CONSTRAINT named ON people IS 'between';
CREATE SEQUENCE free AS integer MINVALUE 5 CYCLE;
CREATE SEQUENCE down INCREMENT BY -1;
CREATE SEQUENCE owned OWNED BY people.nick;
DROP SEQUENCE free;
