package io.solebox.scout.settings;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.source.shop.Shop;
import io.solebox.scout.source.shop.ShopMapping;
import io.solebox.scout.toml.Mistake;
import io.solebox.store.pull.http.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One shop that answers in JSON.
 *
 * @param mapping the file that says what is where in its answers
 * @param token for the header {@code Authorization: Bearer}; empty where none is needed
 */
public record ShopSettings(
    String name,
    Path mapping,
    Duration every,
    Optional<SecretPlace> token,
    Optional<String> country) {
  /**
   * With what its mapping and its token say.
   *
   * @param variables of the environment
   * @throws SoleboxException {@code INVALID_PARAMETER} with all that is wrong with the mapping, or
   *     if there is no token where one is to be
   */
  public Shop shop(Map<String, String> variables) {
    ShopMapping read =
        switch (ShopMapping.read(mapping)) {
          case ShopMapping.Reading.Good(ShopMapping sound) -> sound;
          case ShopMapping.Reading.Bad(List<Mistake> mistakes) ->
              throw new SoleboxException(
                  ErrorCode.INVALID_PARAMETER,
                  mapping.toString(),
                  mistakes.stream()
                      .map(each -> each.in(mapping.getFileName().toString()))
                      .collect(Collectors.joining("; ")),
                  "Mend the file.");
        };
    return new Shop(
        name, read, every, token.map(place -> Secret.bearer(place.read(variables))), country);
  }
}
