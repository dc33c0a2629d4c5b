-- The first schema: numbers as keys, and no references
--
-- limbeck:revision 20250610_initial_schema
-- limbeck:created 2025-06-10T20:15:33Z

-- limbeck:upgrade postgresql
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

-- limbeck:upgrade sqlite
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

-- limbeck:downgrade
DROP TABLE threads;
DROP TABLE sessions;
DROP TABLE boardrooms;
DROP TABLE users;
