-- Indexes for what is asked often, and updated_at by triggers
--
-- limbeck:revision 20250612_indexes_and_triggers
-- limbeck:revises 20250611_align_with_models
-- limbeck:created 2025-06-12T08:05:00Z

-- limbeck:upgrade
CREATE INDEX idx_boardrooms_owner_id ON boardrooms (owner_id);
CREATE INDEX idx_sessions_boardroom_id ON sessions (boardroom_id);
CREATE INDEX idx_sessions_user_id ON sessions (user_id);
CREATE INDEX idx_sessions_status ON sessions (status);
CREATE INDEX idx_threads_session_id ON threads (session_id);
CREATE INDEX idx_threads_user_id ON threads (user_id);
CREATE INDEX idx_threads_open ON threads (priority DESC, created_at) WHERE status = 'active';

-- limbeck:upgrade postgresql
CREATE FUNCTION "set_updated_at"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."updated_at" := pg_catalog.now();
  RETURN NEW;
END
$$;
CREATE TRIGGER set_updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON boardrooms FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER set_updated_at BEFORE UPDATE ON threads FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- limbeck:upgrade sqlite
CREATE TRIGGER "users_set_updated_at" AFTER UPDATE OF "id", "email", "hashed_password", "full_name", "is_active", "is_verified", "created_at" ON "users" FOR EACH ROW
BEGIN
  UPDATE "users" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TRIGGER "boardrooms_set_updated_at" AFTER UPDATE OF "id", "owner_id", "name", "description", "is_active", "max_participants", "created_at" ON "boardrooms" FOR EACH ROW
BEGIN
  UPDATE "boardrooms" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TRIGGER "sessions_set_updated_at" AFTER UPDATE OF "id", "boardroom_id", "user_id", "title", "description", "status", "started_at", "ended_at", "created_at" ON "sessions" FOR EACH ROW
BEGIN
  UPDATE "sessions" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

CREATE TRIGGER "threads_set_updated_at" AFTER UPDATE OF "id", "session_id", "user_id", "title", "type", "status", "priority", "created_at" ON "threads" FOR EACH ROW
BEGIN
  UPDATE "threads" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now') WHERE "id" = NEW."id";
END;

-- limbeck:downgrade postgresql
DROP TRIGGER set_updated_at ON users;
DROP TRIGGER set_updated_at ON boardrooms;
DROP TRIGGER set_updated_at ON sessions;
DROP TRIGGER set_updated_at ON threads;
DROP FUNCTION set_updated_at();

-- limbeck:downgrade sqlite
DROP TRIGGER users_set_updated_at;
DROP TRIGGER boardrooms_set_updated_at;
DROP TRIGGER sessions_set_updated_at;
DROP TRIGGER threads_set_updated_at;

-- limbeck:downgrade
DROP INDEX idx_boardrooms_owner_id;
DROP INDEX idx_sessions_boardroom_id;
DROP INDEX idx_sessions_user_id;
DROP INDEX idx_sessions_status;
DROP INDEX idx_threads_session_id;
DROP INDEX idx_threads_user_id;
DROP INDEX idx_threads_open;
