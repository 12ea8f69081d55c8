-- Whether answers of a key have receipts where a request does not say otherwise.

ALTER TABLE api_key ADD COLUMN receipts INTEGER NOT NULL DEFAULT 0;
