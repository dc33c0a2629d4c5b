-- What stands beside tables: types, views, functions, triggers, policies, partitions, schemas.
CREATE SCHEMA shop;
SET search_path TO shop, public;
CREATE TYPE size AS ENUM ('s', 'l');
ALTER TYPE size ADD VALUE 'm' BEFORE 'l';
CREATE TYPE pair AS (a integer, b text COLLATE "C");
CREATE TABLE items (id integer PRIMARY KEY, size size NOT NULL DEFAULT 's', two pair, price numeric);
CREATE TABLE public.log (id bigserial, item integer REFERENCES items, at timestamptz) PARTITION BY RANGE (at);
ALTER TABLE public.log ADD PRIMARY KEY (id, at);
CREATE INDEX ON public.log (item);
CREATE TABLE public.log_2024 PARTITION OF public.log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE public.log_rest PARTITION OF public.log DEFAULT;
CREATE FUNCTION add(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
  AS 'SELECT a + b';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE PROCEDURE do_it(INOUT x integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = shop
  AS $$BEGIN x := 1; END$$;
CREATE TRIGGER touched BEFORE INSERT OR UPDATE OF price ON items FOR EACH ROW
  WHEN (NEW.price > 0) EXECUTE FUNCTION touch('a');
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
CREATE POLICY cheap ON items FOR SELECT USING (price < add(10));
CREATE VIEW cheap_items AS SELECT id, price FROM items WHERE price < 10;
CREATE MATERIALIZED VIEW dear AS SELECT * FROM items WHERE price > 10 WITH NO DATA;
CREATE UNIQUE INDEX ON dear (id);
CREATE TABLE parent (a integer CHECK (a > 0), b text DEFAULT 'x');
CREATE TABLE child (c integer) INHERITS (parent);
CREATE TABLE likeness (LIKE items INCLUDING ALL);
ALTER TABLE items RENAME COLUMN price TO cost;
COMMENT ON TYPE size IS 'of clothes';
COMMENT ON FUNCTION add(integer, integer) IS 'adds';
