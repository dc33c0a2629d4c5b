-- limbeck:revision aaa111
-- limbeck:upgrade
CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
-- limbeck:downgrade
DROP TABLE notes;
