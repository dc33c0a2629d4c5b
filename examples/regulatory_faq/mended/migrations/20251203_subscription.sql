-- Create the missing tables of subscription
--
-- limbeck:revision 20251203_subscription
-- limbeck:revises 20251203_faq_automation
-- limbeck:created 2025-12-03T09:10:00Z

-- limbeck:upgrade
CREATE TABLE subscription_plans (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(100) NOT NULL UNIQUE,
    monthly_price numeric(10, 2) NOT NULL CONSTRAINT valid_monthly_price CHECK (monthly_price >= 0),
    is_active boolean NOT NULL DEFAULT true
);

CREATE TABLE subscription_plan_changes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    subscription_id uuid NOT NULL,
    from_plan_id uuid,
    to_plan_id uuid,
    changed_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (subscription_id) REFERENCES subscriptions (id) ON DELETE CASCADE,
    FOREIGN KEY (from_plan_id) REFERENCES subscription_plans (id) ON DELETE SET NULL,
    FOREIGN KEY (to_plan_id) REFERENCES subscription_plans (id) ON DELETE SET NULL
);

-- limbeck:downgrade
DROP TABLE subscription_plan_changes;
DROP TABLE subscription_plans;
