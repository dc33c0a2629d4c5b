-- The whole schema on PostgreSQL. models.h declares the same; a test compares the two.
CREATE FUNCTION "set_updated_at"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."updated_at" := pg_catalog.now();
  RETURN NEW;
END
$$;

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

CREATE TRIGGER set_updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION set_updated_at();

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

CREATE INDEX idx_boardrooms_owner_id ON boardrooms (owner_id);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON boardrooms FOR EACH ROW EXECUTE FUNCTION set_updated_at();

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

CREATE INDEX idx_sessions_boardroom_id ON sessions (boardroom_id);

CREATE INDEX idx_sessions_user_id ON sessions (user_id);

CREATE INDEX idx_sessions_status ON sessions (status);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION set_updated_at();

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

CREATE INDEX idx_threads_session_id ON threads (session_id);

CREATE INDEX idx_threads_user_id ON threads (user_id);

CREATE INDEX idx_threads_open ON threads (priority DESC, created_at) WHERE status = 'active';

CREATE TRIGGER set_updated_at BEFORE UPDATE ON threads FOR EACH ROW EXECUTE FUNCTION set_updated_at();
