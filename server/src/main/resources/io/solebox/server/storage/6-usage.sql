-- What was used, summed up by days of this machine; how far the journals of charges are in there; and
-- what is missing of bounds of days. Times are milliseconds since 1970.

CREATE TABLE usage_of_day (
  day TEXT NOT NULL,
  payer TEXT NOT NULL,
  api_key TEXT NOT NULL,
  user_group TEXT NOT NULL,
  model TEXT NOT NULL,
  requests INTEGER NOT NULL,
  prompt_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,
  generated_tokens INTEGER NOT NULL,
  PRIMARY KEY (day, payer, api_key, user_group, model)
);

CREATE INDEX usage_of_day_by_payer ON usage_of_day (payer, day);

CREATE TABLE usage_written (
  journal TEXT PRIMARY KEY,
  number INTEGER NOT NULL
);

CREATE TABLE spending (
  holder TEXT NOT NULL,
  bound TEXT NOT NULL,
  spent INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (holder, bound)
);
