package io.solebox.scout.run;

import io.solebox.scout.outbox.Outbox;
import io.solebox.scout.settings.EbaySettings;
import io.solebox.scout.source.ebay.DeletionNotices;
import io.solebox.scout.source.ebay.EbayAccount;
import io.solebox.scout.source.ebay.EbaySource;
import io.solebox.scout.source.ebay.SellerKeys;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Outbound;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * eBay as the owner has set it up.
 *
 * @param sellers beside the state
 */
public record EbayParts(EbaySettings settings, EbaySource source, SellerKeys sellers) {
  /**
   * @param country to which things are to come, where a watch says nothing
   * @param variables of the environment
   * @throws io.solebox.engine.error.SoleboxException if a secret is missing, or the folder of the
   *     state cannot be written
   */
  public static EbayParts of(
      EbaySettings settings,
      Optional<String> country,
      Map<String, String> variables,
      Outbound outbound,
      Database database,
      InstantSource clock,
      RandomGenerator random) {
    EbayAccount account =
        new EbayAccount(
            settings.api(),
            settings.clientId(),
            settings.clientSecret().read(variables),
            settings.sites().stream().sorted().toList(),
            settings.callsPerDay(),
            country);
    SellerKeys sellers = SellerKeys.in(database.file().toAbsolutePath().getParent());
    return new EbayParts(
        settings, new EbaySource(account, outbound, database, sellers, clock, random), sellers);
  }

  /** The watches, each with what stands for the sellers whom it blocks by name. */
  public List<Watch> watches(List<Watch> watches) {
    return watches.stream().map(sellers::with).toList();
  }

  /**
   * Listens for what eBay tells of deleted accounts, where the owner wants that; until it is
   * closed.
   *
   * @throws io.solebox.engine.error.SoleboxException if the address is taken, or the token is none
   */
  public Optional<DeletionNotices> listen(
      Database database, InstantSource clock, Map<String, String> variables) {
    return settings
        .notices()
        .map(
            notices ->
                new DeletionNotices(
                    notices.listen(),
                    notices.endpoint(),
                    notices.token().read(variables),
                    source.noticeKeys(),
                    sellers,
                    seller -> {
                      forget(seller, database, clock.instant());
                    }));
  }

  private static void forget(String seller, Database database, Instant now) {
    database.transaction(
        sql -> {
          Outbox.forgetSeller(sql, seller, now);
          return Ledger.forgetSeller(sql, seller, now);
        });
    database.forgetDeleted();
  }
}
