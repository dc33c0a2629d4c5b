-- Expressions: the operators, casts and functions that an author leaves to the server.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN email AS text CHECK (VALUE ~ '@' AND length(VALUE) < 255) NOT NULL DEFAULT 'a@b';
CREATE TABLE t (
  i integer, s smallint, b bigint, n numeric(8, 2), r real, d double precision,
  x text, v varchar(20), c char(4), f boolean, day date, ts timestamp, tz timestamptz, iv interval,
  j jsonb, a text[], m mood DEFAULT 'ok', e email, u uuid, ip inet,
  CONSTRAINT k01 CHECK (v IN ('a', 'b')),
  CONSTRAINT k02 CHECK (v = 'q' OR v LIKE 'a%' OR v ILIKE 'b%' OR v !~ 'c'),
  CONSTRAINT k03 CHECK (s IN (1, 2) AND b IN (1, 2) AND n IN (1, 2.5)),
  CONSTRAINT k04 CHECK (n > 0 AND d >= 0 AND r < 1.5),
  CONSTRAINT k05 CHECK (length(v) > 3 AND char_length(x) <= 5),
  CONSTRAINT k06 CHECK (tz > '2020-01-01' AND day > '2020-01-01' AND ts < '2030-01-01 12:30'),
  CONSTRAINT k07 CHECK (i NOT BETWEEN 1 AND 5 AND NOT f AND f IS TRUE),
  CONSTRAINT k08 CHECK ((j ->> 'a') IS NOT NULL AND j ? 'b' AND jsonb_typeof(j) = 'object'),
  CONSTRAINT k09 CHECK (coalesce(v, '') <> '' AND nullif(x, '') IS NOT NULL),
  CONSTRAINT k10 CHECK (i % 2 = 0 AND -i < 5 AND i * 2 + 1 > 3),
  CONSTRAINT k11 CHECK (c IN ('a', 'b') AND c = 'c'),
  CONSTRAINT k12 CHECK (x NOT IN ('a', 'b') AND x = ANY (ARRAY['a', 'b']) AND x = ANY ('{a,b}')),
  CONSTRAINT k13 CHECK (extract(year FROM day) > 2000 AND date_trunc('day', tz) > '2020-01-01'),
  CONSTRAINT k14 CHECK (i::text = '1' AND x::integer > 1 AND (j ->> 'x')::int > 1),
  CONSTRAINT k15 CHECK (trim(x) <> '' AND lower(v) = v AND v || 'x' = 'ax'),
  CONSTRAINT k16 CHECK (num_nonnulls(i, x) = 1 AND x IS DISTINCT FROM 'x'),
  CONSTRAINT k17 CHECK (a @> ARRAY['a'] AND array_length(a, 1) > 0 AND a[1] = 'a'),
  CONSTRAINT k18 CHECK (tz > now() - interval '1 day' AND tz < current_timestamp),
  CONSTRAINT k19 CHECK (CASE WHEN i > 1 THEN x = 'a' ELSE false END),
  CONSTRAINT k20 CHECK (CASE m WHEN 'sad' THEN 1 WHEN 'ok' THEN 2 ELSE 3 END > 1),
  CONSTRAINT k21 CHECK (m IN ('sad', 'ok') AND m <> 'happy' AND m = 'ok'::mood),
  CONSTRAINT k22 CHECK (greatest(i, s) > 1 AND i = -1 AND n = -1.5),
  CONSTRAINT k23 CHECK ((i, s) = (1, 2)),
  CONSTRAINT k24 CHECK (substring(x from 1 for 2) = 'a' AND position('a' in x) > 1),
  CONSTRAINT k25 CHECK (tz AT TIME ZONE 'utc' > '2020-01-01'),
  CONSTRAINT k26 CHECK (x COLLATE "C" > 'a'),
  CONSTRAINT k27 CHECK (e <> 'x' AND e LIKE '%@%'),
  CONSTRAINT k28 CHECK (u <> '00000000-0000-0000-0000-000000000000'),
  -- In SQL's own syntax the server shows no cast that nobody has written.
  CONSTRAINT k29 CHECK (length(trim(v)) > 1 AND trim(v from 'abc') <> '' AND trim(leading 'x' from v) <> ''),
  CONSTRAINT k30 CHECK (substring(v from 1 for 2) = 'a' AND position('a' in v) > 1 AND overlay(v placing 'x' from 2) <> '')
);
CREATE INDEX ON t (lower(x), i DESC, (i + s));
CREATE INDEX named ON t USING gin (j jsonb_path_ops) WHERE f AND i > 0;
CREATE UNIQUE INDEX ON t (v varchar_pattern_ops, x COLLATE "C" NULLS FIRST) INCLUDE (i);
CREATE INDEX ON t ((j ->> 'k'), (x || v), coalesce(x, v));
CREATE STATISTICS st (ndistinct) ON x, i FROM t;
