package io.solebox.scout.source.ebay;

import java.time.Duration;
import java.util.Optional;

/** Whether eBay takes the owner's key, for the doctor. */
public sealed interface EbayCheck {
  /**
   * It does.
   *
   * @param clockBehind how far this machine's clock is behind eBay's, below zero where it is ahead;
   *     empty where eBay does not say the time
   */
  record Accepted(EbayQuota quota, Optional<Duration> clockBehind) implements EbayCheck {}

  /** It cannot be said now. */
  record NotNow(Duration pause, String reason) implements EbayCheck {}

  /** It does not. */
  record Refused(String reason, String remedy) implements EbayCheck {}
}
