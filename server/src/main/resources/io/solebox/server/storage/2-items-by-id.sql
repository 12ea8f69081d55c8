-- The items of responses, input and output, for requests that name one by its id.

CREATE TABLE response_item (
  id TEXT NOT NULL,
  response TEXT NOT NULL REFERENCES response (id) ON DELETE CASCADE,
  PRIMARY KEY (id, response)
) WITHOUT ROWID;

CREATE INDEX response_item_by_response ON response_item (response);

CREATE INDEX conversation_item_alone ON conversation_item (id);

INSERT OR IGNORE INTO response_item (id, response)
SELECT json_extract(item.value, '$.id'), response.id
FROM response, json_each(response.body, '$.output') AS item
WHERE json_extract(item.value, '$.id') IS NOT NULL;

INSERT OR IGNORE INTO response_item (id, response)
SELECT json_extract(item.value, '$.id'), response.id
FROM response, json_each(response.input) AS item
WHERE json_extract(item.value, '$.id') IS NOT NULL;
