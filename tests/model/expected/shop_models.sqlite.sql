CREATE TABLE "teams" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "title" VARCHAR(80) COLLATE "NOCASE" NOT NULL CONSTRAINT "uq_teams_title" UNIQUE,
  "leader_id" BIGINT,
  CONSTRAINT "fk_teams_leader" FOREIGN KEY ("leader_id") REFERENCES "users" ("id") ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE "users" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "key" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) UNIQUE,
  "email" VARCHAR(255) NOT NULL CONSTRAINT "ck_users_email" CHECK (email LIKE '%_@_%'),
  "nickname" TEXT,
  "role" TEXT NOT NULL DEFAULT 'member' CHECK ("role" IN ('admin', 'member')),
  "team_id" BIGINT,
  "created_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  "updated_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  FOREIGN KEY ("team_id") REFERENCES "teams" ("id") ON DELETE CASCADE ON UPDATE RESTRICT
);

CREATE INDEX "ix_users_team_role" ON "users" ("team_id", "role");

CREATE UNIQUE INDEX "ux_users_email" ON "users" ((lower(email)));

CREATE INDEX "ix_users_latest" ON "users" ("created_at" DESC, "id") WHERE team_id IS NOT NULL;

CREATE TRIGGER "users_set_updated_at" AFTER UPDATE OF "id", "key", "email", "nickname", "role", "team_id", "created_at" ON "users" FOR EACH ROW
BEGIN
  UPDATE "users" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TABLE "samples" (
  "truth" BOOLEAN NOT NULL,
  "small" INTEGER NOT NULL PRIMARY KEY,
  "number" INTEGER NOT NULL,
  "big" BIGINT NOT NULL,
  "single_number" REAL NOT NULL,
  "double_number" DOUBLE NOT NULL DEFAULT -1.5,
  "words" TEXT NOT NULL DEFAULT ('it''s'),
  "short_words" VARCHAR(40) NOT NULL,
  "code" CHAR(2) NOT NULL,
  "data" BLOB NOT NULL,
  "uuid" CHAR(36) NOT NULL,
  "day" DATE NOT NULL,
  "hour" TIME NOT NULL,
  "local" TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  "moment" TIMESTAMP_TZ NOT NULL,
  "span" TEXT,
  "exact" DECIMAL_TEXT(20, 4) NOT NULL,
  "any_exact" DECIMAL_TEXT NOT NULL,
  "document" TEXT NOT NULL,
  "text_document" TEXT NOT NULL,
  "tags" TEXT NOT NULL,
  "numbers" TEXT NOT NULL,
  "state" TEXT CHECK ("state" IN ('open', 'paid', 'it''s sent')),
  "states" TEXT NOT NULL
);

CREATE TRIGGER "samples_set_local" AFTER UPDATE OF "truth", "small", "number", "big", "single_number", "double_number", "words", "short_words", "code", "data", "uuid", "day", "hour", "moment", "span", "exact", "any_exact", "document", "text_document", "tags", "numbers", "state", "states" ON "samples" FOR EACH ROW
BEGIN
  UPDATE "samples" SET "local" = strftime('%Y-%m-%d %H:%M:%f000', 'now') WHERE "small" = NEW."small";
END;

CREATE TABLE "orders" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "buyer_id" BIGINT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'open' CHECK ("state" IN ('open', 'paid', 'it''s sent')),
  "total" DECIMAL_TEXT(12, 2) NOT NULL DEFAULT 0,
  "placed_on" DATE NOT NULL DEFAULT (strftime('%Y-%m-%d', 'now')),
  FOREIGN KEY ("buyer_id") REFERENCES "users" ("id")
);

CREATE TABLE "lines" (
  "order_id" CHAR(36) NOT NULL,
  "number" INTEGER NOT NULL,
  "article" TEXT NOT NULL,
  "amount" INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 999),
  "price" DECIMAL_TEXT(12, 2) NOT NULL,
  "sum" DECIMAL_TEXT(14, 2) GENERATED ALWAYS AS (amount * price) STORED,
  CONSTRAINT "pk_lines" PRIMARY KEY ("order_id", "number"),
  CONSTRAINT "uq_lines_article" UNIQUE ("order_id", "article"),
  CONSTRAINT "ck_lines_number" CHECK (number > 0),
  FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE CASCADE
);

CREATE TABLE "parcels" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "order_id" CHAR(36) NOT NULL,
  "line_number" INTEGER NOT NULL,
  "inside" INTEGER,
  FOREIGN KEY ("inside") REFERENCES "parcels" ("id"),
  FOREIGN KEY ("order_id", "line_number") REFERENCES "lines" ("order_id", "number") ON DELETE CASCADE
);

CREATE VIEW busy_teams AS SELECT team_id, count(*) AS people FROM users GROUP BY team_id;
