package io.solebox.scout.source.shop;

import io.solebox.store.pull.http.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * One shop to ask.
 *
 * @param name of its site, and of the market whose keys its things have
 * @param token for its host alone
 * @param country where its things lie, where they do not say it
 */
public record Shop(
    String name,
    ShopMapping mapping,
    Duration every,
    Optional<Secret> token,
    Optional<String> country) {}
