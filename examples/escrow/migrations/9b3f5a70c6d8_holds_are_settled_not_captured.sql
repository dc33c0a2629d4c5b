-- Holds are settled, not captured
--
-- limbeck:revision 9b3f5a70c6d8
-- limbeck:revises 7d0c4e19b2a5
-- limbeck:created 2025-12-09T22:51:44Z

-- limbeck:upgrade postgresql
ALTER TYPE public.hold_status RENAME VALUE 'captured' TO 'settled';

-- limbeck:upgrade sqlite no-transaction
PRAGMA foreign_keys = OFF;

-- limbeck:upgrade sqlite
PRAGMA legacy_alter_table = ON;
ALTER TABLE holds RENAME TO limbeck_old_holds;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "holds" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "user_id" VARCHAR(64) NOT NULL,
  "amount" DECIMAL_TEXT(18, 2) NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'released', 'settled'))
);
INSERT OR ROLLBACK INTO holds (rowid, id, user_id, amount, status) SELECT rowid, id, user_id, amount, CASE status WHEN 'captured' THEN 'settled' ELSE status END FROM limbeck_old_holds;
DROP TABLE limbeck_old_holds;
CREATE INDEX "ix_holds_active" ON "holds" ("user_id") WHERE status = 'active';

-- limbeck:downgrade postgresql
ALTER TYPE public.hold_status RENAME VALUE 'settled' TO 'captured';

-- limbeck:downgrade sqlite no-transaction
PRAGMA foreign_keys = OFF;

-- limbeck:downgrade sqlite
PRAGMA legacy_alter_table = ON;
ALTER TABLE holds RENAME TO limbeck_old_holds;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "holds" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "user_id" VARCHAR(64) NOT NULL,
  "amount" DECIMAL_TEXT(18, 2) NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'released', 'captured'))
);
INSERT OR ROLLBACK INTO holds (rowid, id, user_id, amount, status) SELECT rowid, id, user_id, amount, CASE status WHEN 'settled' THEN 'captured' ELSE status END FROM limbeck_old_holds;
DROP TABLE limbeck_old_holds;
CREATE INDEX "ix_holds_active" ON "holds" ("user_id") WHERE status = 'active';
