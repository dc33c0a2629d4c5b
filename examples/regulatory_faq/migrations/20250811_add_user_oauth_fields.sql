-- Add OAuth fields to User model
--
-- Who comes from elsewhere has no password.
--
-- limbeck:revision 20250811_add_user_oauth_fields
-- limbeck:revises 20250805_add_gdpr_deletion_system
-- limbeck:created 2025-08-11T10:00:00Z

-- limbeck:upgrade
ALTER TABLE "user" ADD COLUMN name VARCHAR(255);
ALTER TABLE "user" ADD COLUMN provider VARCHAR(50) NOT NULL DEFAULT 'email';
ALTER TABLE "user" ADD COLUMN provider_id VARCHAR(255);
ALTER TABLE "user" ALTER COLUMN hashed_password DROP NOT NULL;
ALTER TABLE "user" ADD CONSTRAINT uq_user_provider UNIQUE (provider, provider_id);
ALTER TABLE "user" ADD CONSTRAINT ck_user_password CHECK (provider <> 'email' OR hashed_password IS NOT NULL);

-- limbeck:downgrade
ALTER TABLE "user" DROP CONSTRAINT ck_user_password;
ALTER TABLE "user" DROP CONSTRAINT uq_user_provider;
ALTER TABLE "user" ALTER COLUMN hashed_password SET NOT NULL;
ALTER TABLE "user" DROP COLUMN provider_id;
ALTER TABLE "user" DROP COLUMN provider;
ALTER TABLE "user" DROP COLUMN name;
