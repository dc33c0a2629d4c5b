-- Projects can be on hold
--
-- limbeck:revision 7d0c4e19b2a5
-- limbeck:revises 45182f983623
-- limbeck:created 2025-12-02T22:51:44Z

-- limbeck:upgrade postgresql no-transaction
ALTER TYPE public.project_status ADD VALUE 'on_hold' AFTER 'active';

-- limbeck:upgrade sqlite no-transaction
PRAGMA foreign_keys = OFF;

-- limbeck:upgrade sqlite
PRAGMA legacy_alter_table = ON;
ALTER TABLE projects RENAME TO limbeck_old_projects;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "projects" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "title" VARCHAR(255) NOT NULL,
  "description" TEXT,
  "total_amount" DECIMAL_TEXT(15, 2) NOT NULL,
  "currency" CHAR(3) NOT NULL DEFAULT 'NGN',
  "status" TEXT NOT NULL DEFAULT 'draft' CHECK ("status" IN ('draft', 'pending', 'active', 'on_hold', 'in_progress', 'completed', 'disputed', 'cancelled', 'refunded')),
  "creator_id" INTEGER NOT NULL,
  "buyer_id" INTEGER,
  "seller_id" INTEGER,
  "created_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  CONSTRAINT "ck_projects_total_amount" CHECK (CAST(total_amount AS REAL) > 0),
  CONSTRAINT "ck_projects_two_parties" CHECK (buyer_id <> seller_id),
  FOREIGN KEY ("creator_id") REFERENCES "users" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("buyer_id") REFERENCES "users" ("id") ON DELETE SET NULL,
  FOREIGN KEY ("seller_id") REFERENCES "users" ("id") ON DELETE SET NULL
);
INSERT OR ROLLBACK INTO projects (id, title, description, total_amount, currency, status, creator_id, buyer_id, seller_id, created_at) SELECT id, title, description, total_amount, currency, status, creator_id, buyer_id, seller_id, created_at FROM limbeck_old_projects;
DROP TABLE limbeck_old_projects;
CREATE INDEX "ix_projects_status" ON "projects" ("status");

-- limbeck:downgrade postgresql
-- What is on hold goes back to active: there is no such status before this revision.
UPDATE public.projects SET status = 'active' WHERE status = 'on_hold';
ALTER TABLE public.projects ALTER COLUMN status DROP DEFAULT;
ALTER TYPE public.project_status RENAME TO project_status_old;
CREATE TYPE public.project_status AS ENUM ('draft', 'pending', 'active', 'in_progress', 'completed', 'disputed', 'cancelled', 'refunded');
ALTER TABLE public.projects
    ALTER COLUMN status TYPE public.project_status USING status::text::public.project_status;
DROP TYPE public.project_status_old;
ALTER TABLE public.projects ALTER COLUMN status SET DEFAULT 'draft'::public.project_status;

-- limbeck:downgrade sqlite no-transaction
PRAGMA foreign_keys = OFF;

-- limbeck:downgrade sqlite
PRAGMA legacy_alter_table = ON;
ALTER TABLE projects RENAME TO limbeck_old_projects;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "projects" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "title" VARCHAR(255) NOT NULL,
  "description" TEXT,
  "total_amount" DECIMAL_TEXT(15, 2) NOT NULL,
  "currency" CHAR(3) NOT NULL DEFAULT 'NGN',
  "status" TEXT NOT NULL DEFAULT 'draft' CHECK ("status" IN ('draft', 'pending', 'active', 'in_progress', 'completed', 'disputed', 'cancelled', 'refunded')),
  "creator_id" INTEGER NOT NULL,
  "buyer_id" INTEGER,
  "seller_id" INTEGER,
  "created_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  CONSTRAINT "ck_projects_total_amount" CHECK (CAST(total_amount AS REAL) > 0),
  CONSTRAINT "ck_projects_two_parties" CHECK (buyer_id <> seller_id),
  FOREIGN KEY ("creator_id") REFERENCES "users" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("buyer_id") REFERENCES "users" ("id") ON DELETE SET NULL,
  FOREIGN KEY ("seller_id") REFERENCES "users" ("id") ON DELETE SET NULL
);
INSERT OR ROLLBACK INTO projects (id, title, description, total_amount, currency, status, creator_id, buyer_id, seller_id, created_at) SELECT id, title, description, total_amount, currency, CASE status WHEN 'on_hold' THEN 'active' ELSE status END, creator_id, buyer_id, seller_id, created_at FROM limbeck_old_projects;
DROP TABLE limbeck_old_projects;
CREATE INDEX "ix_projects_status" ON "projects" ("status");
