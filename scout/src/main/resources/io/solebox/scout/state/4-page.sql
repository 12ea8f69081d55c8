-- What was made of things that somebody wants, for the page: a judgement as it was when they were
-- last seen, what happened last, and why it was not told. Gone when the listing is.
CREATE TABLE shown (
  market TEXT NOT NULL,
  id TEXT NOT NULL,
  variation TEXT NOT NULL,
  judgement TEXT NOT NULL,
  happening TEXT,
  happened BIGINT,
  not_told TEXT NOT NULL,
  PRIMARY KEY (market, id, variation)
);

-- Pictures that somebody wants to see on the page: asked for, fetched by the scout, and gone when
-- the listing is.
CREATE TABLE thumbnail (
  market TEXT NOT NULL,
  id TEXT NOT NULL,
  variation TEXT NOT NULL,
  asked BIGINT NOT NULL,
  fetched BIGINT,
  type TEXT,
  picture BLOB,
  problem TEXT NOT NULL,
  PRIMARY KEY (market, id, variation)
);
CREATE INDEX thumbnail_by_fetched ON thumbnail (fetched, asked);
