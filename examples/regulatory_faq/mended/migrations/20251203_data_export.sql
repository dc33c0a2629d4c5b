-- Create the tables of data_export
--
-- Two of them have other names than the models had: document_analyses and tax_calculations were taken.
--
-- limbeck:revision 20251203_data_export
-- limbeck:revises 20251203_subscription
-- limbeck:created 2025-12-03T09:20:00Z

-- limbeck:upgrade
CREATE TABLE data_export_requests (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id integer NOT NULL,
    format varchar(10) NOT NULL DEFAULT 'json',
    status varchar(20) NOT NULL DEFAULT 'pending',
    requested_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
);

CREATE TABLE export_audit_logs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    request_id uuid NOT NULL,
    action varchar(50) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (request_id) REFERENCES data_export_requests (id) ON DELETE CASCADE
);

CREATE TABLE query_history (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id integer NOT NULL,
    query text NOT NULL,
    response text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
);
CREATE INDEX ix_query_history_user ON query_history (user_id, created_at DESC);

CREATE TABLE exported_document_analyses (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id integer NOT NULL,
    file_name varchar(255) NOT NULL,
    analysis_result text NOT NULL,
    analyzed_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
);

CREATE TABLE exported_tax_calculations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id integer NOT NULL,
    calculation_type varchar(50) NOT NULL,
    input_data jsonb NOT NULL,
    result jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
);

CREATE TABLE faq_interactions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id integer NOT NULL,
    faq_id uuid NOT NULL,
    helpful boolean,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE,
    FOREIGN KEY (faq_id) REFERENCES faq_entries (id) ON DELETE CASCADE
);

CREATE TABLE knowledge_base_searches (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id integer NOT NULL,
    search_query text NOT NULL,
    results_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
);

CREATE TABLE electronic_invoices (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id integer NOT NULL,
    invoice_number varchar(50) NOT NULL,
    xml_content text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
);

-- limbeck:downgrade
DROP TABLE electronic_invoices;
DROP TABLE knowledge_base_searches;
DROP TABLE faq_interactions;
DROP TABLE exported_tax_calculations;
DROP TABLE exported_document_analyses;
DROP TABLE query_history;
DROP TABLE export_audit_logs;
DROP TABLE data_export_requests;
