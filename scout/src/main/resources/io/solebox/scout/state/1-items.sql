-- Things that are or were for sale. What a listing says lies in details, and only while it is for
-- sale and somebody wants it; afterwards ids and hashes are left, by which it is known again.
CREATE TABLE item (
  market TEXT NOT NULL,
  id TEXT NOT NULL,
  variation TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  looked BIGINT NOT NULL,
  gone BIGINT,
  ends BIGINT,
  currency TEXT NOT NULL,
  asked TEXT NOT NULL,
  lowest TEXT NOT NULL,
  drops INTEGER NOT NULL,
  backs INTEGER NOT NULL,
  ending INTEGER NOT NULL,
  likeness TEXT NOT NULL,
  seller TEXT,
  card TEXT,
  watches TEXT NOT NULL,
  details TEXT,
  PRIMARY KEY (market, id, variation)
);
CREATE INDEX item_by_likeness ON item (likeness);
CREATE INDEX item_by_looked ON item (market, gone, looked);
CREATE INDEX item_by_ends ON item (ends);
CREATE INDEX item_by_seller ON item (seller);

-- What each site has last shown of a thing that is for sale, as a hash.
CREATE TABLE sight (
  market TEXT NOT NULL,
  id TEXT NOT NULL,
  variation TEXT NOT NULL,
  site TEXT NOT NULL,
  print TEXT NOT NULL,
  noted BIGINT NOT NULL,
  PRIMARY KEY (market, id, variation, site)
);

-- Searches, and when each was asked: what its first answer shows was there before the scout was.
CREATE TABLE search (
  market TEXT NOT NULL,
  site TEXT NOT NULL,
  words TEXT NOT NULL,
  watch TEXT NOT NULL,
  seeded BIGINT,
  deep BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  due BIGINT NOT NULL,
  failures INTEGER NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (market, site, words, watch)
);

-- Since when a watch hears of a site: from its first whole answer on, which tells nothing. Where it
-- is changed it begins anew, but for what was listed after it has last heard.
CREATE TABLE hearing (
  market TEXT NOT NULL,
  site TEXT NOT NULL,
  watch TEXT NOT NULL,
  wish TEXT NOT NULL,
  since BIGINT,
  heard BIGINT NOT NULL,
  PRIMARY KEY (market, site, watch)
);

-- What became of markets: closed ones wait for somebody to change something.
CREATE TABLE market (
  name TEXT NOT NULL PRIMARY KEY,
  looked BIGINT NOT NULL,
  closed TEXT NOT NULL,
  remedy TEXT NOT NULL
);
