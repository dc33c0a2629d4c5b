-- Add role field to User model for RBAC
--
-- limbeck:revision 20251124_add_user_role
-- limbeck:revises 20251121_add_expert_feedback_system
-- limbeck:created 2025-11-24T09:00:00Z

-- limbeck:upgrade
ALTER TABLE "user" ADD COLUMN role VARCHAR(20) NOT NULL DEFAULT 'regular_user';
ALTER TABLE "user" ADD CONSTRAINT valid_user_role
    CHECK (role IN ('regular_user', 'expert', 'admin', 'super_user'));
UPDATE "user" SET role = 'expert' WHERE id IN (SELECT user_id FROM expert_profiles);

-- limbeck:downgrade
ALTER TABLE "user" DROP COLUMN role;
