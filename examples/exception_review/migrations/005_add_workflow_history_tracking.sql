-- Add workflow history tracking
--
-- Every change of a review's status is written down by a trigger, whoever makes it.
--
-- limbeck:revision 005
-- limbeck:revises 004
-- limbeck:created 2024-01-16T09:00:00Z

-- limbeck:upgrade postgresql
CREATE TABLE workflow_history (
    id BIGSERIAL PRIMARY KEY,
    review_id INTEGER NOT NULL REFERENCES account_reviews (id) ON DELETE CASCADE,
    from_status VARCHAR(20) NOT NULL,
    to_status VARCHAR(20) NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
);

CREATE FUNCTION record_workflow_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO workflow_history (review_id, from_status, to_status)
    VALUES (NEW.id, OLD.status, NEW.status);
    RETURN NEW;
END;
$$;

CREATE TRIGGER account_reviews_workflow
AFTER UPDATE OF status ON account_reviews
FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
EXECUTE FUNCTION record_workflow_change();

-- limbeck:upgrade sqlite
CREATE TABLE workflow_history (
    id INTEGER NOT NULL PRIMARY KEY,
    review_id INTEGER NOT NULL REFERENCES account_reviews (id) ON DELETE CASCADE,
    from_status VARCHAR(20) NOT NULL,
    to_status VARCHAR(20) NOT NULL,
    changed_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
);

CREATE TRIGGER account_reviews_workflow
AFTER UPDATE OF status ON account_reviews
WHEN OLD.status IS NOT NEW.status
BEGIN
    INSERT INTO workflow_history (review_id, from_status, to_status)
    VALUES (NEW.id, OLD.status, NEW.status);
END;

-- limbeck:upgrade
CREATE INDEX idx_workflow_history_review_id ON workflow_history (review_id);

-- limbeck:downgrade postgresql
DROP TRIGGER account_reviews_workflow ON account_reviews;
DROP FUNCTION record_workflow_change();

-- limbeck:downgrade sqlite
DROP TRIGGER account_reviews_workflow;

-- limbeck:downgrade
DROP TABLE workflow_history;
