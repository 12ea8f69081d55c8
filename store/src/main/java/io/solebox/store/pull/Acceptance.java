package io.solebox.store.pull;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.pull.source.Terms;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a person accepts what a source asks for. What was accepted is kept with the model, and
 * the same text is not asked for again as long as a model under it is in the store.
 */
public final class Acceptance {
  private final Terms terms;
  private final ModelStore store;

  public Acceptance(Terms terms, ModelStore store) {
    this.terms = terms;
    this.store = store;
  }

  /** Annotations of a model for which the same terms were accepted. */
  public Optional<Map<String, String>> before() {
    return store.entries().stream()
        .map(entry -> entry.current().manifest())
        .filter(this::isOfTheseTerms)
        .findFirst()
        .map(Acceptance::annotations);
  }

  private boolean isOfTheseTerms(Manifest manifest) {
    return terms.digest().toString().equals(manifest.annotations().get(Annotations.ACCEPTED_TERMS));
  }

  private static Map<String, String> annotations(Manifest accepted) {
    Map<String, String> all = accepted.annotations();
    return Map.of(
        Annotations.ACCEPTED_TERMS, all.get(Annotations.ACCEPTED_TERMS),
        Annotations.ACCEPTED_TERMS_PLACE,
            all.getOrDefault(Annotations.ACCEPTED_TERMS_PLACE, "unknown"),
        Annotations.ACCEPTED_TERMS_AT, all.getOrDefault(Annotations.ACCEPTED_TERMS_AT, "unknown"));
  }

  /** What the source wants accepted. */
  public Terms terms() {
    return terms;
  }

  /** Annotations of a model for which it was said now. */
  public Map<String, String> now() {
    return Map.of(
        Annotations.ACCEPTED_TERMS, terms.digest().toString(),
        Annotations.ACCEPTED_TERMS_PLACE, terms.name() + ", " + terms.place(),
        Annotations.ACCEPTED_TERMS_AT, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** For whoever cannot be asked. */
  public SoleboxException refusal() {
    return denied("nobody is there who could be asked");
  }

  /**
   * Nothing is fetched.
   *
   * @param why for people, as in {@code they were not accepted}
   */
  public SoleboxException denied(String why) {
    return new SoleboxException(
        ErrorCode.ACCESS_DENIED,
        Printable.line(terms.place()),
        "The source wants its terms accepted (%s), and %s."
            .formatted(Printable.line(terms.name()), why),
        "Read them there, and if you accept them: solebox pull NAME --accept-licence. Nothing was"
            + " fetched.");
  }
}
