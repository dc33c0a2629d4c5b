CREATE FUNCTION "set_changed_on_date"() RETURNS trigger LANGUAGE plpgsql AS '
BEGIN
  NEW."changed_on" := CURRENT_DATE;
  RETURN NEW;
END
';

CREATE FUNCTION "set_at_utc"() RETURNS trigger LANGUAGE plpgsql AS '
BEGIN
  NEW."at" := (pg_catalog.now() AT TIME ZONE ''utc'');
  RETURN NEW;
END
';

-- limbeck:renamed-from "chambers"
CREATE TABLE "rooms" (
  "id" serial NOT NULL PRIMARY KEY,
  -- limbeck:renamed-from "title"
  "name" varchar(40) NOT NULL,
  "floor" integer CHECK (floor < 99),
  "number" integer DEFAULT (1 + 1),
  "label" text GENERATED ALWAYS AS (name || '!') STORED,
  "changed_on" date NOT NULL DEFAULT CURRENT_DATE,
  CONSTRAINT "uq_rooms" UNIQUE ("floor", "number") DEFERRABLE INITIALLY DEFERRED,
  UNIQUE NULLS NOT DISTINCT ("number", "name")
);

CREATE UNIQUE INDEX "ux_rooms" ON "rooms" ("floor", "name") NULLS NOT DISTINCT WITH (fillfactor = 80) WHERE floor > 0;

CREATE INDEX "ix_rooms_pattern" ON "rooms" ("name" varchar_pattern_ops NULLS FIRST);

CREATE INDEX "ix_rooms_case" ON "rooms" ("name" COLLATE "C" DESC);

CREATE INDEX "ix_rooms_hash" ON "rooms" USING "hash" ("number");

CREATE TRIGGER "set_changed_on_date" BEFORE UPDATE ON "rooms" FOR EACH ROW EXECUTE FUNCTION "set_changed_on_date"();

CREATE TABLE "Log ""book""" (
  "at" timestamp NOT NULL DEFAULT ((now() AT TIME ZONE 'utc')),
  "what's said" text NOT NULL
) WITH (fillfactor = 50);

CREATE TRIGGER "set_at_utc" BEFORE UPDATE ON "Log ""book""" FOR EACH ROW EXECUTE FUNCTION "set_at_utc"();

COMMENT ON COLUMN "Log ""book"""."what's said" IS 'it''s "said"';

CREATE TABLE "hens" (
  "farm" smallint NOT NULL,
  "id" integer NOT NULL,
  "egg" integer,
  PRIMARY KEY ("farm", "id")
);

CREATE TABLE "eggs" (
  "farm" smallint NOT NULL,
  "id" integer NOT NULL,
  "hen" integer,
  "twin" integer,
  PRIMARY KEY ("farm", "id"),
  FOREIGN KEY ("farm", "hen") REFERENCES "hens" ("farm", "id"),
  FOREIGN KEY ("farm", "twin") REFERENCES "eggs" ("farm", "id")
);

ALTER TABLE "hens" ADD CONSTRAINT "fk_hens_egg" FOREIGN KEY ("farm", "egg") REFERENCES "eggs" ("farm", "id") DEFERRABLE;
