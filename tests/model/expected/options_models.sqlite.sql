-- limbeck:renamed-from "chambers"
CREATE TABLE "rooms" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  -- limbeck:renamed-from "title"
  "name" VARCHAR(40) NOT NULL,
  "floor" INTEGER CHECK (floor < 98),
  "number" INTEGER DEFAULT (1 + 1),
  "label" TEXT GENERATED ALWAYS AS (name || '!') VIRTUAL,
  "changed_on" DATE NOT NULL DEFAULT (strftime('%Y-%m-%d', 'now')),
  CONSTRAINT "uq_rooms" UNIQUE ("floor", "number"),
  UNIQUE ("number", "name")
);

CREATE UNIQUE INDEX "ux_rooms" ON "rooms" ("floor", "name") WHERE floor > 0;

CREATE INDEX "ix_rooms_case" ON "rooms" ("name" COLLATE "NOCASE" DESC);

CREATE INDEX "ix_rooms_label" ON "rooms" ("label");

CREATE TRIGGER "rooms_set_changed_on" AFTER UPDATE OF "id", "name", "floor", "number" ON "rooms" FOR EACH ROW
BEGIN
  UPDATE "rooms" SET "changed_on" = strftime('%Y-%m-%d', 'now') WHERE "id" = NEW."id";
END;

CREATE TABLE "Log ""book""" (
  "at" TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  "what's said" TEXT NOT NULL
);

CREATE TRIGGER "Log ""book""_set_at" AFTER UPDATE OF "what's said" ON "Log ""book""" FOR EACH ROW
BEGIN
  UPDATE "Log ""book""" SET "at" = strftime('%Y-%m-%d %H:%M:%f000', 'now') WHERE rowid = NEW.rowid;
END;

CREATE TABLE "hens" (
  "farm" SMALLINT NOT NULL,
  "id" INTEGER NOT NULL,
  "egg" INTEGER,
  PRIMARY KEY ("farm", "id"),
  CONSTRAINT "fk_hens_egg" FOREIGN KEY ("farm", "egg") REFERENCES "eggs" ("farm", "id") DEFERRABLE
);

CREATE TABLE "eggs" (
  "farm" SMALLINT NOT NULL,
  "id" INTEGER NOT NULL,
  "hen" INTEGER,
  "twin" INTEGER,
  PRIMARY KEY ("farm", "id"),
  FOREIGN KEY ("farm", "hen") REFERENCES "hens" ("farm", "id"),
  FOREIGN KEY ("farm", "twin") REFERENCES "eggs" ("farm", "id")
);
