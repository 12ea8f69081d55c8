-- How often eBay was asked in the day that ends at resets, as eBay counts days; calls that are set
-- aside count. What eBay itself says of it is in live_..., and since counts calls after that.
CREATE TABLE ebay_quota (
  pool TEXT NOT NULL PRIMARY KEY,
  resets BIGINT NOT NULL,
  used BIGINT NOT NULL,
  allowed BIGINT NOT NULL,
  since BIGINT NOT NULL,
  live_limit BIGINT,
  live_left BIGINT,
  live_asked BIGINT
);
