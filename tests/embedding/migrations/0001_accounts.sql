-- Accounts and their names
-- limbeck:revision aaa111
-- limbeck:upgrade
CREATE TABLE account (id INTEGER PRIMARY KEY, full_name TEXT NOT NULL);
INSERT INTO account (id, full_name) VALUES (1, 'Ada Lovelace'), (2, 'Grace Hopper'), (3, 'Größe');
-- limbeck:downgrade
DROP TABLE account;
