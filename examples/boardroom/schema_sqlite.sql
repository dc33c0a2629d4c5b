-- The whole schema on SQLite. models.h declares the same; a test compares the two.
CREATE TABLE users (
  id CHAR(36) NOT NULL DEFAULT (
    lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' ||
    substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))
  ) PRIMARY KEY,
  email VARCHAR(255) NOT NULL UNIQUE
    CONSTRAINT valid_email CHECK (email LIKE '_%@_%.__%' AND email NOT LIKE '%@%@%' AND email NOT GLOB '* *'),
  hashed_password VARCHAR(255) NOT NULL,
  full_name VARCHAR(100)
    CONSTRAINT valid_full_name CHECK (length(full_name) BETWEEN 1 AND 100),
  is_active BOOLEAN NOT NULL DEFAULT true,
  is_verified BOOLEAN NOT NULL DEFAULT false,
  created_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  updated_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
);

CREATE TRIGGER "users_set_updated_at" AFTER UPDATE OF "id", "email", "hashed_password", "full_name", "is_active", "is_verified", "created_at" ON "users" FOR EACH ROW
BEGIN
  UPDATE "users" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TABLE boardrooms (
  id CHAR(36) NOT NULL DEFAULT (
    lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' ||
    substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))
  ) PRIMARY KEY,
  owner_id CHAR(36) NOT NULL,
  name VARCHAR(200) NOT NULL
    CONSTRAINT valid_name CHECK (length(trim(name)) >= 1),
  description TEXT,
  is_active BOOLEAN NOT NULL DEFAULT true,
  max_participants INTEGER NOT NULL DEFAULT 10
    CONSTRAINT valid_max_participants CHECK (max_participants BETWEEN 1 AND 100),
  created_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  updated_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX idx_boardrooms_owner_id ON boardrooms (owner_id);

CREATE TRIGGER "boardrooms_set_updated_at" AFTER UPDATE OF "id", "owner_id", "name", "description", "is_active", "max_participants", "created_at" ON "boardrooms" FOR EACH ROW
BEGIN
  UPDATE "boardrooms" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TABLE sessions (
  id CHAR(36) NOT NULL DEFAULT (
    lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' ||
    substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))
  ) PRIMARY KEY,
  boardroom_id CHAR(36) NOT NULL,
  user_id CHAR(36) NOT NULL,
  title VARCHAR(255) NOT NULL,
  description TEXT,
  status VARCHAR(20) NOT NULL DEFAULT 'active'
    CONSTRAINT valid_session_status CHECK (status IN ('active', 'completed', 'paused', 'cancelled')),
  started_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  ended_at TIMESTAMP_TZ,
  created_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  updated_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  CONSTRAINT valid_dates CHECK (ended_at IS NULL OR ended_at >= started_at),
  FOREIGN KEY (boardroom_id) REFERENCES boardrooms (id) ON DELETE CASCADE,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX idx_sessions_boardroom_id ON sessions (boardroom_id);

CREATE INDEX idx_sessions_user_id ON sessions (user_id);

CREATE INDEX idx_sessions_status ON sessions (status);

CREATE TRIGGER "sessions_set_updated_at" AFTER UPDATE OF "id", "boardroom_id", "user_id", "title", "description", "status", "started_at", "ended_at", "created_at" ON "sessions" FOR EACH ROW
BEGIN
  UPDATE "sessions" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TABLE threads (
  id CHAR(36) NOT NULL DEFAULT (
    lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' ||
    substr('89ab', 1 + (abs(random()) % 4), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))
  ) PRIMARY KEY,
  session_id CHAR(36) NOT NULL,
  user_id CHAR(36) NOT NULL,
  title VARCHAR(255) NOT NULL,
  type VARCHAR(20) NOT NULL DEFAULT 'discussion'
    CONSTRAINT valid_thread_type CHECK (type IN ('discussion', 'decision', 'action_item', 'note')),
  status VARCHAR(20) NOT NULL DEFAULT 'active'
    CONSTRAINT valid_thread_status CHECK (status IN ('active', 'closed', 'archived')),
  priority SMALLINT NOT NULL DEFAULT 3
    CONSTRAINT valid_priority CHECK (priority BETWEEN 1 AND 5),
  created_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  updated_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
  FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX idx_threads_session_id ON threads (session_id);

CREATE INDEX idx_threads_user_id ON threads (user_id);

CREATE INDEX idx_threads_open ON threads (priority DESC, created_at) WHERE status = 'active';

CREATE TRIGGER "threads_set_updated_at" AFTER UPDATE OF "id", "session_id", "user_id", "title", "type", "status", "priority", "created_at" ON "threads" FOR EACH ROW
BEGIN
  UPDATE "threads" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;
