-- What is to be told, one row for each piece of news and channel; waited is for how long, in
-- milliseconds in which a scout was at work. Once it is over, its key and the
-- time are left, by which the same is not told again.
CREATE TABLE outbox (
  news TEXT NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  message TEXT,
  put_at BIGINT NOT NULL,
  waited BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  happening TEXT NOT NULL,
  item TEXT,
  seller TEXT,
  card TEXT,
  watch TEXT,
  body TEXT,
  reason TEXT,
  PRIMARY KEY (news, channel)
);
CREATE INDEX outbox_by_state ON outbox (channel, state, put_at);
CREATE INDEX outbox_by_message ON outbox (message);
CREATE INDEX outbox_by_seller ON outbox (seller);
CREATE INDEX outbox_by_change ON outbox (state, changed_at);

-- Messages that were made and did not arrive so far: which news are in one never changes, so that
-- its key means the same whenever it is sent. One with sending = 1 was on its way when the process
-- ended, unless it is right now; one with perhaps = 1 may have arrived.
CREATE TABLE outbox_message (
  key TEXT NOT NULL PRIMARY KEY,
  channel TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  sending INTEGER NOT NULL,
  perhaps INTEGER NOT NULL
);

-- How it stands with each channel. One that was stopped is, while its settings hash to the same.
CREATE TABLE outbox_channel (
  channel TEXT NOT NULL PRIMARY KEY,
  next_at BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  problem TEXT NOT NULL,
  stopped TEXT NOT NULL,
  remedy TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL
);

-- What is not to be told (hold = 0: never, or not before a time) or only later (hold = 1).
CREATE TABLE mute (
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  hold INTEGER NOT NULL,
  ends BIGINT,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (kind, target)
);
