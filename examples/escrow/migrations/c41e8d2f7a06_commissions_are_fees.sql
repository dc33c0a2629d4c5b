-- Commissions are fees
--
-- PostgreSQL drops no value of a type: the type is made anew without it. The downgrade brings the value back; which fees
-- were commissions nobody knows any more.
--
-- limbeck:revision c41e8d2f7a06
-- limbeck:revises 9b3f5a70c6d8
-- limbeck:created 2025-12-16T22:51:45Z

-- limbeck:upgrade postgresql
UPDATE public.transactions SET type = 'fee' WHERE type = 'commission';
ALTER TYPE public.transaction_type RENAME TO transaction_type_old;
CREATE TYPE public.transaction_type AS ENUM ('deposit', 'withdrawal', 'escrow_hold', 'escrow_release', 'refund', 'fee');
ALTER TABLE public.transactions
    ALTER COLUMN type TYPE public.transaction_type USING type::text::public.transaction_type;
DROP TYPE public.transaction_type_old;

-- limbeck:upgrade sqlite no-transaction
PRAGMA foreign_keys = OFF;

-- limbeck:upgrade sqlite
PRAGMA legacy_alter_table = ON;
ALTER TABLE transactions RENAME TO limbeck_old_transactions;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "transactions" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "user_id" INTEGER NOT NULL,
  "project_id" INTEGER,
  "type" TEXT NOT NULL CHECK ("type" IN ('deposit', 'withdrawal', 'escrow_hold', 'escrow_release', 'refund', 'fee')),
  "status" TEXT NOT NULL DEFAULT 'pending' CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled', 'refunded')),
  "amount" DECIMAL_TEXT(15, 2) NOT NULL,
  "created_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE SET NULL
);
INSERT OR ROLLBACK INTO transactions (id, user_id, project_id, type, status, amount, created_at) SELECT id, user_id, project_id, CASE type WHEN 'commission' THEN 'fee' ELSE type END, status, amount, created_at FROM limbeck_old_transactions;
DROP TABLE limbeck_old_transactions;
CREATE INDEX "ix_transactions_user_status" ON "transactions" ("user_id", "status");

-- limbeck:downgrade postgresql no-transaction
ALTER TYPE public.transaction_type ADD VALUE 'commission';

-- limbeck:downgrade sqlite no-transaction
PRAGMA foreign_keys = OFF;

-- limbeck:downgrade sqlite
PRAGMA legacy_alter_table = ON;
ALTER TABLE transactions RENAME TO limbeck_old_transactions;
PRAGMA legacy_alter_table = OFF;
CREATE TABLE "transactions" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "user_id" INTEGER NOT NULL,
  "project_id" INTEGER,
  "type" TEXT NOT NULL CHECK ("type" IN ('deposit', 'withdrawal', 'escrow_hold', 'escrow_release', 'refund', 'fee', 'commission')),
  "status" TEXT NOT NULL DEFAULT 'pending' CHECK ("status" IN ('pending', 'processing', 'completed', 'failed', 'cancelled', 'refunded')),
  "amount" DECIMAL_TEXT(15, 2) NOT NULL,
  "created_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE SET NULL
);
INSERT OR ROLLBACK INTO transactions (id, user_id, project_id, type, status, amount, created_at) SELECT id, user_id, project_id, type, status, amount, created_at FROM limbeck_old_transactions;
DROP TABLE limbeck_old_transactions;
CREATE INDEX "ix_transactions_user_status" ON "transactions" ("user_id", "status");
