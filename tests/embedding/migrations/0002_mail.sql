-- Mail, in steps of their own: each that runs leaves a letter
-- limbeck:revision bbb222
-- limbeck:revises aaa111
-- limbeck:upgrade
ALTER TABLE account ADD COLUMN mail TEXT;
-- limbeck:upgrade no-transaction
UPDATE account SET mail = COALESCE(mail, '') || 'x';
CREATE INDEX ix_account_mail ON account (mail);
-- limbeck:downgrade
DROP INDEX ix_account_mail;
ALTER TABLE account DROP COLUMN mail;
