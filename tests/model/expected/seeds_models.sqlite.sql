CREATE TABLE "review_exceptions" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "exception_type" TEXT NOT NULL CHECK ("exception_type" IN ('kyc_non_compliance', 'dormant_funded_ufaa', 'dormant_overdrawn_exit', 'documentation', 'technical')),
  "title" VARCHAR(255) NOT NULL,
  "priority" VARCHAR(20) NOT NULL CONSTRAINT "ck_review_exceptions_priority" CHECK (priority IN ('low', 'medium', 'high', 'critical')),
  "status" VARCHAR(20) NOT NULL DEFAULT 'open',
  "due_date" TIMESTAMP_TZ
);

CREATE INDEX "idx_review_exceptions_priority" ON "review_exceptions" ("priority");

CREATE INDEX "idx_review_exceptions_due_date" ON "review_exceptions" ("due_date");

CREATE INDEX "idx_review_exceptions_priority_status" ON "review_exceptions" ("priority", "status");

CREATE INDEX "idx_review_exceptions_type_priority" ON "review_exceptions" ("exception_type", "priority");

CREATE TABLE "link_tokens" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "user_id" CHAR(36) NOT NULL,
  "provider" TEXT NOT NULL CHECK ("provider" IN ('fincra', 'paystack', 'flutterwave')),
  "consumed_at" TIMESTAMP_TZ
);

CREATE TABLE "wallet_registry" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "provider" TEXT NOT NULL CHECK ("provider" IN ('fincra', 'paystack', 'flutterwave')),
  "balance" DECIMAL_TEXT(15, 2) NOT NULL DEFAULT 0,
  "details" TEXT,
  CONSTRAINT "uq_wallet_provider" UNIQUE ("id", "provider")
);

CREATE TABLE "holds" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "wallet_id" CHAR(36) NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'released', 'captured')),
  "amount" DECIMAL_TEXT(15, 2) NOT NULL CHECK (amount > 0),
  FOREIGN KEY ("wallet_id") REFERENCES "wallet_registry" ("id")
);

CREATE TABLE "interviews" (
  "id" CHAR(36) NOT NULL PRIMARY KEY,
  "status" VARCHAR(50) NOT NULL,
  "question_ids" TEXT NOT NULL,
  "current_parent_question_id" CHAR(36),
  "current_followup_count" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "user" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "email" TEXT NOT NULL UNIQUE
);

CREATE TABLE "expert_profiles" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "user_id" INTEGER NOT NULL UNIQUE,
  "credentials" TEXT NOT NULL DEFAULT '[]',
  "trust_score" DOUBLE NOT NULL DEFAULT 0.5 CHECK (trust_score >= 0 AND trust_score <= 1),
  "created_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  "updated_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TRIGGER "expert_profiles_set_updated_at" AFTER UPDATE OF "id", "user_id", "credentials", "trust_score", "created_at" ON "expert_profiles" FOR EACH ROW
BEGIN
  UPDATE "expert_profiles" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TABLE "expert_faq_candidates" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "question" TEXT NOT NULL,
  "question_embedding" TEXT,
  "query_signature" VARCHAR(64),
  "search_vector" TEXT,
  "publication_date" DATE
);

CREATE INDEX "ix_faq_signature" ON "expert_faq_candidates" ("query_signature") WHERE query_signature IS NOT NULL;

CREATE TABLE "users" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "email" VARCHAR(255) NOT NULL UNIQUE CONSTRAINT "valid_email" CHECK (email LIKE '%_@_%._%'),
  "hashed_password" VARCHAR(255) NOT NULL,
  "full_name" VARCHAR(100),
  "is_active" BOOLEAN NOT NULL DEFAULT true,
  "is_verified" BOOLEAN NOT NULL DEFAULT false,
  "created_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  "updated_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
);

CREATE INDEX "idx_users_created_at" ON "users" ("created_at");

CREATE TRIGGER "users_set_updated_at" AFTER UPDATE OF "id", "email", "hashed_password", "full_name", "is_active", "is_verified", "created_at" ON "users" FOR EACH ROW
BEGIN
  UPDATE "users" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TABLE "boardrooms" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "name" VARCHAR(200) NOT NULL CHECK (length(name) >= 1),
  "owner_id" CHAR(36) NOT NULL,
  "max_participants" INTEGER NOT NULL DEFAULT 10 CHECK (max_participants BETWEEN 1 AND 100),
  "updated_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE CASCADE
);

CREATE TRIGGER "boardrooms_set_updated_at" AFTER UPDATE OF "id", "name", "owner_id", "max_participants" ON "boardrooms" FOR EACH ROW
BEGIN
  UPDATE "boardrooms" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TABLE "sessions" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "boardroom_id" CHAR(36) NOT NULL,
  "user_id" CHAR(36) NOT NULL,
  "status" VARCHAR(20) NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'completed', 'paused', 'cancelled')),
  "started_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  "ended_at" TIMESTAMP_TZ,
  CONSTRAINT "valid_dates" CHECK (ended_at IS NULL OR ended_at >= started_at),
  FOREIGN KEY ("boardroom_id") REFERENCES "boardrooms" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);

CREATE INDEX "idx_sessions_room_user" ON "sessions" ("boardroom_id", "user_id");

CREATE TABLE "threads" (
  "id" CHAR(36) NOT NULL DEFAULT (lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))) PRIMARY KEY,
  "session_id" CHAR(36) NOT NULL,
  "priority" SMALLINT NOT NULL DEFAULT 3 CHECK (priority BETWEEN 1 AND 5),
  "updated_at" TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  FOREIGN KEY ("session_id") REFERENCES "sessions" ("id") ON DELETE CASCADE
);

CREATE TRIGGER "threads_set_updated_at" AFTER UPDATE OF "id", "session_id", "priority" ON "threads" FOR EACH ROW
BEGIN
  UPDATE "threads" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;
