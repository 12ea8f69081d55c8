-- Who may use the server. Times are seconds since 1970; secrets are here as digests alone.

CREATE TABLE user_group (
  name TEXT PRIMARY KEY,
  models TEXT NOT NULL,
  limits TEXT NOT NULL,
  shared_limits TEXT NOT NULL,
  keep_seconds INTEGER
);

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  user_group TEXT REFERENCES user_group (name),
  limits TEXT NOT NULL,
  password TEXT,
  created INTEGER NOT NULL
);

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  digest TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  shown TEXT NOT NULL,
  models TEXT NOT NULL,
  routes TEXT NOT NULL,
  limits TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER,
  last_use INTEGER
);

CREATE INDEX api_key_by_account ON api_key (account);

CREATE TABLE session (
  digest TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  last_use INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
);

CREATE INDEX session_by_account ON session (account);

CREATE TABLE one_time_code (
  digest TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  account TEXT REFERENCES account (id) ON DELETE CASCADE,
  name TEXT,
  role TEXT,
  user_group TEXT REFERENCES user_group (name) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
);

CREATE TABLE sign_in_delay (
  subject TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_try INTEGER NOT NULL,
  not_before INTEGER NOT NULL
);

CREATE TABLE account_setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Grows with each change of who may do what, so that whoever remembers some of it knows.
CREATE TABLE account_version (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  version INTEGER NOT NULL
);

INSERT INTO account_version (only_row, version) VALUES (1, 0);
