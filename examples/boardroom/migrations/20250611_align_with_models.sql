-- Align the schema with the models: UUID keys, references that cascade, checks
--
-- A UUID is made of the number that was there, so that every environment gets the same. What there is belongs to the
-- first user, and sessions in no room get a room. A session in a room that is gone, or a thread of such a session, stops
-- the revision: nothing is lost unseen.
--
-- limbeck:revision 20250611_align_with_models
-- limbeck:revises 20250610_initial_schema
-- limbeck:created 2025-06-11T16:42:50Z

-- limbeck:upgrade postgresql
UPDATE users SET created_at = CURRENT_TIMESTAMP AT TIME ZONE 'UTC' WHERE created_at IS NULL;
UPDATE boardrooms SET created_at = CURRENT_TIMESTAMP AT TIME ZONE 'UTC' WHERE created_at IS NULL;
UPDATE sessions SET created_at = CURRENT_TIMESTAMP AT TIME ZONE 'UTC' WHERE created_at IS NULL;
UPDATE threads SET created_at = CURRENT_TIMESTAMP AT TIME ZONE 'UTC' WHERE created_at IS NULL;
INSERT INTO boardrooms (name, created_at)
SELECT 'Sessions in no room', CURRENT_TIMESTAMP AT TIME ZONE 'UTC' WHERE EXISTS (SELECT FROM sessions WHERE boardroom_id IS NULL);
UPDATE sessions SET boardroom_id = (SELECT max(id) FROM boardrooms) WHERE boardroom_id IS NULL;

CREATE SCHEMA before_uuid;
ALTER TABLE users SET SCHEMA before_uuid;
ALTER TABLE boardrooms SET SCHEMA before_uuid;
ALTER TABLE sessions SET SCHEMA before_uuid;
ALTER TABLE threads SET SCHEMA before_uuid;

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email varchar(255) NOT NULL UNIQUE
    CONSTRAINT valid_email CHECK (email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'),
  hashed_password varchar(255) NOT NULL,
  full_name varchar(100)
    CONSTRAINT valid_full_name CHECK (length(full_name) BETWEEN 1 AND 100),
  is_active boolean NOT NULL DEFAULT true,
  is_verified boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE boardrooms (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  owner_id uuid NOT NULL,
  name varchar(200) NOT NULL
    CONSTRAINT valid_name CHECK (length(trim(name)) >= 1),
  description text,
  is_active boolean NOT NULL DEFAULT true,
  max_participants integer NOT NULL DEFAULT 10
    CONSTRAINT valid_max_participants CHECK (max_participants BETWEEN 1 AND 100),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  boardroom_id uuid NOT NULL,
  user_id uuid NOT NULL,
  title varchar(255) NOT NULL,
  description text,
  status varchar(20) NOT NULL DEFAULT 'active'
    CONSTRAINT valid_session_status CHECK (status IN ('active', 'completed', 'paused', 'cancelled')),
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT valid_dates CHECK (ended_at IS NULL OR ended_at >= started_at),
  FOREIGN KEY (boardroom_id) REFERENCES boardrooms (id) ON DELETE CASCADE,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE threads (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL,
  user_id uuid NOT NULL,
  title varchar(255) NOT NULL,
  type varchar(20) NOT NULL DEFAULT 'discussion'
    CONSTRAINT valid_thread_type CHECK (type IN ('discussion', 'decision', 'action_item', 'note')),
  status varchar(20) NOT NULL DEFAULT 'active'
    CONSTRAINT valid_thread_status CHECK (status IN ('active', 'closed', 'archived')),
  priority smallint NOT NULL DEFAULT 3
    CONSTRAINT valid_priority CHECK (priority BETWEEN 1 AND 5),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

INSERT INTO users (id, email, hashed_password, created_at)
SELECT ('00000001-0000-4000-8000-' || lpad(to_hex(id), 12, '0'))::uuid, email, hashed_password, created_at AT TIME ZONE 'UTC'
FROM before_uuid.users;

INSERT INTO boardrooms (id, owner_id, name, created_at)
SELECT ('00000002-0000-4000-8000-' || lpad(to_hex(id), 12, '0'))::uuid, (SELECT id FROM users ORDER BY id LIMIT 1), name, created_at AT TIME ZONE 'UTC'
FROM before_uuid.boardrooms;

INSERT INTO sessions (id, boardroom_id, user_id, title, started_at, created_at)
SELECT ('00000003-0000-4000-8000-' || lpad(to_hex(s.id), 12, '0'))::uuid, b.id, b.owner_id, s.name, s.created_at AT TIME ZONE 'UTC', s.created_at AT TIME ZONE 'UTC'
FROM before_uuid.sessions AS s
LEFT JOIN boardrooms AS b ON b.id = ('00000002-0000-4000-8000-' || lpad(to_hex(s.boardroom_id), 12, '0'))::uuid;

INSERT INTO threads (id, session_id, user_id, title, created_at)
SELECT ('00000004-0000-4000-8000-' || lpad(to_hex(t.id), 12, '0'))::uuid, s.id, s.user_id, t.name, t.created_at AT TIME ZONE 'UTC'
FROM before_uuid.threads AS t
LEFT JOIN sessions AS s ON s.id = ('00000003-0000-4000-8000-' || lpad(to_hex(t.session_id), 12, '0'))::uuid;

DROP TABLE before_uuid.threads;
DROP TABLE before_uuid.sessions;
DROP TABLE before_uuid.boardrooms;
DROP TABLE before_uuid.users;
DROP SCHEMA before_uuid;

-- limbeck:upgrade sqlite
UPDATE users SET created_at = CURRENT_TIMESTAMP WHERE created_at IS NULL;
UPDATE boardrooms SET created_at = CURRENT_TIMESTAMP WHERE created_at IS NULL;
UPDATE sessions SET created_at = CURRENT_TIMESTAMP WHERE created_at IS NULL;
UPDATE threads SET created_at = CURRENT_TIMESTAMP WHERE created_at IS NULL;
INSERT INTO boardrooms (name) SELECT 'Sessions in no room' WHERE EXISTS (SELECT 1 FROM sessions WHERE boardroom_id IS NULL);
UPDATE sessions SET boardroom_id = (SELECT max(id) FROM boardrooms) WHERE boardroom_id IS NULL;

ALTER TABLE users RENAME TO users_before;
ALTER TABLE boardrooms RENAME TO boardrooms_before;
ALTER TABLE sessions RENAME TO sessions_before;
ALTER TABLE threads RENAME TO threads_before;

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

INSERT INTO users (id, email, hashed_password, created_at)
SELECT printf('00000001-0000-4000-8000-%012x', id), email, hashed_password, strftime('%Y-%m-%d %H:%M:%f000+00:00', created_at)
FROM users_before;

INSERT INTO boardrooms (id, owner_id, name, created_at)
SELECT printf('00000002-0000-4000-8000-%012x', id), (SELECT id FROM users ORDER BY id LIMIT 1), name, strftime('%Y-%m-%d %H:%M:%f000+00:00', created_at)
FROM boardrooms_before;

INSERT INTO sessions (id, boardroom_id, user_id, title, started_at, created_at)
SELECT printf('00000003-0000-4000-8000-%012x', s.id), b.id, b.owner_id, s.name, strftime('%Y-%m-%d %H:%M:%f000+00:00', s.created_at), strftime('%Y-%m-%d %H:%M:%f000+00:00', s.created_at)
FROM sessions_before AS s
LEFT JOIN boardrooms AS b ON b.id = printf('00000002-0000-4000-8000-%012x', s.boardroom_id);

INSERT INTO threads (id, session_id, user_id, title, created_at)
SELECT printf('00000004-0000-4000-8000-%012x', t.id), s.id, s.user_id, t.name, strftime('%Y-%m-%d %H:%M:%f000+00:00', t.created_at)
FROM threads_before AS t
LEFT JOIN sessions AS s ON s.id = printf('00000003-0000-4000-8000-%012x', t.session_id);

DROP TABLE threads_before;
DROP TABLE sessions_before;
DROP TABLE boardrooms_before;
DROP TABLE users_before;

-- limbeck:downgrade postgresql
-- The numbers are given anew, in the order of the rows' making.
CREATE SCHEMA before_uuid;
ALTER TABLE users SET SCHEMA before_uuid;
ALTER TABLE boardrooms SET SCHEMA before_uuid;
ALTER TABLE sessions SET SCHEMA before_uuid;
ALTER TABLE threads SET SCHEMA before_uuid;

CREATE TABLE users (
  id serial PRIMARY KEY,
  email text NOT NULL UNIQUE,
  hashed_password text NOT NULL,
  created_at timestamp DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE boardrooms (id serial PRIMARY KEY, name text NOT NULL, created_at timestamp DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE sessions (
  id serial PRIMARY KEY,
  boardroom_id integer,
  name text NOT NULL,
  created_at timestamp DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE threads (
  id serial PRIMARY KEY,
  session_id integer NOT NULL,
  name text NOT NULL,
  created_at timestamp DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO users (id, email, hashed_password, created_at)
SELECT row_number() OVER (ORDER BY created_at, id), email, hashed_password, created_at AT TIME ZONE 'UTC'
FROM before_uuid.users;

INSERT INTO boardrooms (id, name, created_at)
SELECT row_number() OVER (ORDER BY created_at, id), name, created_at AT TIME ZONE 'UTC'
FROM before_uuid.boardrooms;

WITH room AS (SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM before_uuid.boardrooms)
INSERT INTO sessions (id, boardroom_id, name, created_at)
SELECT row_number() OVER (ORDER BY s.created_at, s.id), room.number, s.title, s.created_at AT TIME ZONE 'UTC'
FROM before_uuid.sessions AS s
JOIN room ON room.id = s.boardroom_id;

WITH session AS (SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM before_uuid.sessions)
INSERT INTO threads (id, session_id, name, created_at)
SELECT row_number() OVER (ORDER BY t.created_at, t.id), session.number, t.title, t.created_at AT TIME ZONE 'UTC'
FROM before_uuid.threads AS t
JOIN session ON session.id = t.session_id;

SELECT setval('users_id_seq', (SELECT max(id) FROM users));
SELECT setval('boardrooms_id_seq', (SELECT max(id) FROM boardrooms));
SELECT setval('sessions_id_seq', (SELECT max(id) FROM sessions));
SELECT setval('threads_id_seq', (SELECT max(id) FROM threads));
DROP TABLE before_uuid.threads;
DROP TABLE before_uuid.sessions;
DROP TABLE before_uuid.boardrooms;
DROP TABLE before_uuid.users;
DROP SCHEMA before_uuid;

-- limbeck:downgrade sqlite
-- The numbers are given anew, in the order of the rows' making.
ALTER TABLE users RENAME TO users_before;
ALTER TABLE boardrooms RENAME TO boardrooms_before;
ALTER TABLE sessions RENAME TO sessions_before;
ALTER TABLE threads RENAME TO threads_before;

CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  hashed_password TEXT NOT NULL,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE boardrooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  boardroom_id INTEGER,
  name TEXT NOT NULL,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE threads (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO users (id, email, hashed_password, created_at)
SELECT row_number() OVER (ORDER BY created_at, id), email, hashed_password, datetime(created_at)
FROM users_before;

INSERT INTO boardrooms (id, name, created_at)
SELECT row_number() OVER (ORDER BY created_at, id), name, datetime(created_at)
FROM boardrooms_before;

WITH room AS (SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM boardrooms_before)
INSERT INTO sessions (id, boardroom_id, name, created_at)
SELECT row_number() OVER (ORDER BY s.created_at, s.id), room.number, s.title, datetime(s.created_at)
FROM sessions_before AS s
JOIN room ON room.id = s.boardroom_id;

WITH session AS (SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM sessions_before)
INSERT INTO threads (id, session_id, name, created_at)
SELECT row_number() OVER (ORDER BY t.created_at, t.id), session.number, t.title, datetime(t.created_at)
FROM threads_before AS t
JOIN session ON session.id = t.session_id;

DROP TABLE threads_before;
DROP TABLE sessions_before;
DROP TABLE boardrooms_before;
DROP TABLE users_before;
