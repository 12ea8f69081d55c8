package io.solebox.store.pull.source;

import java.util.List;
import java.util.Optional;

/**
 * What a source has under a name, at one state of it.
 *
 * @param place where people can look at it, without secrets
 * @param revision a commit or a digest, at which everything else is fetched
 * @param licence as the source calls it
 * @param terms that it wants accepted
 * @param variants the models of it; at least one
 * @param beside what belongs to each of them: a template, a licence, parameters
 * @param notes what a person should know before it is fetched
 */
public record Offer(
    String place,
    String revision,
    Optional<String> licence,
    Optional<Terms> terms,
    List<Variant> variants,
    List<Beside> beside,
    List<String> notes) {
  /**
   * A file that goes along.
   *
   * @param mediaType as the registry calls it
   */
  public record Beside(RemoteFile file, String mediaType) {}
}
