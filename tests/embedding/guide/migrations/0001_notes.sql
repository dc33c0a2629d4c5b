-- Notes
-- limbeck:revision 5b1d
-- limbeck:upgrade
CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
-- limbeck:downgrade
DROP TABLE note;
